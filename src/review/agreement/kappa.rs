//! Takes the categories that raters put units into, gives how far the raters agree beyond chance. Refuses nothing; what is undefined
//! is none.
//!
//! For two raters: J. Cohen, "A coefficient of agreement for nominal scales", Educational and Psychological Measurement 20 (1960),
//! 37–46. For more: J. L. Fleiss, "Measuring nominal scale agreement among many raters", Psychological Bulletin 76 (1971), 378–382;
//! it is given its own chance, from what all raters said together, so that for two it would be Scott's pi and not Cohen's kappa.

use std::collections::BTreeMap;

/// Units by what was said of them: a category a rater, in the order of the raters, and how many units have just these.
pub type Profiles<K> = BTreeMap<Vec<K>, u64>;

/// How far raters agree.
#[derive(Clone, Copy, PartialEq, Debug, Default)]
pub struct Agreed {
    /// How many units there are.
    pub units: u64,
    /// The share of pairs of raters that say the same of a unit; none without units.
    pub observed: Option<f64>,
    /// The share that chance would give.
    pub expected: Option<f64>,
    /// How much of what chance leaves over is agreed on. None where chance leaves nothing: where all say the same of every unit.
    pub kappa: Option<f64>,
}

impl Agreed {
    /// Cohen's kappa of two raters, Fleiss' of more.
    ///
    /// # Panics
    /// When a profile has not a category for each of `raters`.
    #[must_use]
    pub fn new<K: Ord>(raters: usize, profiles: &Profiles<K>) -> Self {
        assert!(profiles.keys().all(|said| said.len() == raters), "every unit is judged by every rater");
        if raters == 2 { cohen(profiles) } else { fleiss(raters, profiles) }
    }

    /// `agreeing` of `of` pairs of judgements are alike, and by chance `alike` of `all`. In whole numbers, so that an expectation
    /// of 1 is seen for what it is.
    fn of(units: u64, (agreeing, of): (u128, u128), (alike, all): (u128, u128)) -> Self {
        let share = |part: u128, of: u128| (of > 0).then(|| part as f64 / of as f64);
        let (observed, expected) = (share(agreeing, of), share(alike, all));
        let kappa =
            observed.zip(expected).filter(|_| alike < all).map(|(observed, expected)| (observed - expected) / (1.0 - expected));
        Self { units, observed, expected, kappa }
    }
}

fn cohen<K: Ord>(profiles: &Profiles<K>) -> Agreed {
    let units: u64 = profiles.values().sum();
    let mut said: BTreeMap<&K, [u128; 2]> = BTreeMap::new();
    let mut agreeing = 0;
    for (profile, &count) in profiles {
        for (rater, category) in profile.iter().enumerate() {
            said.entry(category).or_default()[rater] += u128::from(count);
        }
        if profile[0] == profile[1] {
            agreeing += u128::from(count);
        }
    }
    let all = u128::from(units);
    Agreed::of(units, (agreeing, all), (said.values().map(|[one, other]| one * other).sum(), all * all))
}

fn fleiss<K: Ord>(raters: usize, profiles: &Profiles<K>) -> Agreed {
    let (units, raters) = (profiles.values().sum(), raters as u128);
    let mut said: BTreeMap<&K, u128> = BTreeMap::new();
    let mut agreeing = 0;
    for (profile, &count) in profiles {
        let mut of_unit: BTreeMap<&K, u128> = BTreeMap::new();
        profile.iter().for_each(|category| *of_unit.entry(category).or_default() += 1);
        for (category, times) in of_unit {
            *said.entry(category).or_default() += times * u128::from(count);
            agreeing += times * (times - 1) * u128::from(count);
        }
    }
    let judgements = u128::from(units) * raters;
    let alike = said.values().map(|times| times * times).sum();
    Agreed::of(units, (agreeing, judgements * raters.saturating_sub(1)), (alike, judgements * judgements))
}

/// How units are spread over the number of raters who say yes of them, counted from none: from this follows how far raters agree on
/// what is, whatever the number of units that nobody says yes of. The share of the other raters who say yes where one does; of two
/// raters it is F1 (G. Hripcsak and A. S. Rothschild, "Agreement, the F-measure, and reliability in information retrieval", Journal of
/// the American Medical Informatics Association 12 (2005), 296–298). None where nobody says yes.
#[must_use]
pub fn alike_where_given(by_number: &[u64]) -> Option<f64> {
    let others = by_number.len().saturating_sub(2);
    let (mut alike, mut all) = (0, 0);
    for (times, units) in by_number.iter().enumerate().skip(1) {
        alike += times as u128 * (times as u128 - 1) * u128::from(*units);
        all += times as u128 * others as u128 * u128::from(*units);
    }
    (all > 0).then(|| alike as f64 / all as f64)
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn close(figure: Option<f64>, expected: f64) -> bool {
        figure.is_some_and(|figure| (figure - expected).abs() < 5e-4)
    }

    #[test]
    fn two_raters_by_hand() {
        // 20 both yes, 5 and 10 one alone, 15 neither: chance gives a half.
        let profiles = [(vec![true, true], 20), (vec![true, false], 5), (vec![false, true], 10), (vec![false, false], 15)].into();
        let agreed = Agreed::new(2, &profiles);
        assert_eq!((agreed.units, agreed.observed, agreed.expected), (50, Some(0.7), Some(0.5)));
        assert!(close(agreed.kappa, 0.4));
        assert_eq!(alike_where_given(&[15, 15, 20]), Some(40.0 / 55.0));
    }

    #[test]
    fn three_raters_by_hand() {
        // Of four units two are agreed on by all, and two by one pair of three; either category is said six times of twelve.
        let profiles = [("aaa", 1), ("aab", 1), ("bab", 1), ("bbb", 1)].map(|(said, units)| (said.chars().collect(), units));
        let agreed = Agreed::new(3, &profiles.into());
        assert!(close(agreed.observed, 2.0 / 3.0) && close(agreed.expected, 0.5) && close(agreed.kappa, 1.0 / 3.0), "{agreed:?}");
        // a is said by three, two, one and none: of the 12 times that another could have said it as well, 8 did.
        assert_eq!(alike_where_given(&[1, 1, 1, 1]), Some(8.0 / 12.0));
    }

    #[test]
    fn where_chance_leaves_nothing_kappa_is_undefined() {
        for raters in [2, 3] {
            let agreed = Agreed::new(raters, &[(vec![false; raters], 7)].into());
            assert_eq!((agreed.observed, agreed.expected, agreed.kappa), (Some(1.0), Some(1.0), None));
            assert_eq!(Agreed::new::<bool>(raters, &Profiles::new()), Agreed::default());
        }
        assert_eq!(alike_where_given(&[7, 0, 0]), None);
        // One rater who always says yes and one who always says no: chance expects what is observed, and kappa is 0.
        assert_eq!(Agreed::new(2, &[(vec![true, false], 7)].into()).kappa, Some(0.0));
    }

    proptest! {
        #[test]
        fn kappa_is_1_where_all_agree_and_never_more(
            said in prop::collection::vec(prop::collection::vec(0u8..3, 3), 1..20),
            raters in 2usize..4,
        ) {
            let mut profiles = Profiles::new();
            for unit in &said {
                *profiles.entry(unit[..raters].to_vec()).or_default() += 1;
            }
            let agreed = Agreed::new(raters, &profiles);
            let alike = profiles.keys().all(|unit| unit.iter().all(|category| *category == unit[0]));
            if let Some(kappa) = agreed.kappa {
                prop_assert!((-1.0..=1.0).contains(&kappa));
                prop_assert_eq!(alike, kappa == 1.0);
            }
            // Who the raters are makes no difference.
            let turned = profiles.iter().map(|(unit, count)| (unit.iter().rev().copied().collect(), *count)).collect();
            prop_assert_eq!(Agreed::new(raters, &turned).kappa, agreed.kappa);
        }
    }
}
