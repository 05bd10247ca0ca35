//! Takes the label names of a model, gives what each says of a word: outside, or a part of a mention and its label. Refuses a
//! set that follows no known scheme.
//!
//! IO, IOB1, IOB2 and BIOES differ in which parts they name, not in what a part means, so one reading serves all of them: B and
//! S begin a mention, I and E go on with one of the same label or begin one, E and S end it. (IOB1 writes B only between
//! touching mentions; read this way it gives the same mentions as in its own definition, Ramshaw and Marcus 1995.)

use crate::document::Label;

/// What a label says of a word's place in a mention.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) enum Part {
    Begin,
    Inside,
    End,
    Single,
}

/// A label as the decoder reads it; `None` is outside.
pub(super) type Tag = Option<(Part, Label)>;

/// The labels of a model, in the order of their ids.
#[derive(Clone, Debug)]
pub(super) struct LabelSet {
    names: Vec<String>,
    tags: Vec<Tag>,
}

impl LabelSet {
    /// Reads the scheme off the names; on failure says why, and gives the names back.
    pub fn new(names: Vec<String>) -> Result<Self, (String, Vec<String>)> {
        match tags(&names) {
            Ok(tags) => Ok(Self { names, tags }),
            Err(reason) => Err((reason, names)),
        }
    }

    pub fn len(&self) -> usize {
        self.tags.len()
    }

    pub fn tag(&self, id: usize) -> &Tag {
        &self.tags[id]
    }

    pub fn name(&self, id: usize) -> &str {
        &self.names[id]
    }
}

fn tags(names: &[String]) -> Result<Vec<Tag>, String> {
    if !names.iter().any(|name| name == "O") {
        return Err("no label is called O".to_owned());
    }
    let inside: Vec<&str> = names.iter().map(String::as_str).filter(|name| *name != "O").collect();
    if inside.is_empty() {
        return Err("no label but O".to_owned());
    }
    if let Some(twice) = names.iter().enumerate().find(|(i, name)| names[..*i].contains(name)) {
        return Err(format!("`{}` has two ids", twice.1));
    }
    let with_part = inside.iter().filter(|name| part(name).is_some()).count();
    if with_part != 0 && with_part != inside.len() {
        return Err("some labels begin with a part (B-, I- …), others do not".to_owned());
    }
    if with_part == 0 && inside.iter().all(|name| name.strip_prefix("LABEL_").is_some_and(|n| n.parse::<u32>().is_ok())) {
        return Err("the labels were never named".to_owned());
    }
    let tag = |name: &String| match (name.as_str(), part(name)) {
        ("O", _) => None,
        (_, Some((part, kind))) => Some((part, Label::from_model(kind))),
        (kind, None) => Some((Part::Inside, Label::from_model(kind))),
    };
    Ok(names.iter().map(tag).collect())
}

/// The part and the kind that a name such as `B-PER` or `I_PER` is made of.
fn part(name: &str) -> Option<(Part, &str)> {
    let (letter, kind) = name.split_at_checked(1)?;
    let kind = kind.strip_prefix(['-', '_']).filter(|kind| !kind.is_empty())?;
    let part = match letter {
        "B" => Part::Begin,
        "I" | "M" => Part::Inside,
        "E" | "L" => Part::End,
        "S" | "U" => Part::Single,
        _ => return None,
    };
    Some((part, kind))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn set(names: &[&str]) -> Result<LabelSet, (String, Vec<String>)> {
        LabelSet::new(names.iter().map(ToString::to_string).collect())
    }

    #[test]
    fn the_known_schemes_are_read() {
        assert_eq!(set(&["O", "PER"]).unwrap().tag(1), &Some((Part::Inside, Label::Per)));
        assert_eq!(set(&["I-GPE", "O"]).unwrap().tag(0), &Some((Part::Inside, Label::Loc)));
        let bilou = set(&["O", "B-X-Y", "I-X-Y", "L-X-Y", "U-X-Y"]).unwrap();
        let parts: Vec<_> = (1..5).map(|id| bilou.tag(id).clone().unwrap()).collect();
        let label = Label::Other("X-Y".to_owned());
        let expected = [Part::Begin, Part::Inside, Part::End, Part::Single].map(|part| (part, label.clone()));
        assert_eq!(parts, expected);
    }

    #[test]
    fn sets_of_no_scheme_are_refused() {
        for names in [
            &["LABEL_0", "LABEL_1"][..],
            &["O", "LABEL_1"],
            &["O"],
            &["O", "B-PER", "ORG"],
            &["B-PER", "I-PER"],
            &["O", "PER", "PER"],
        ] {
            assert!(set(names).is_err(), "{names:?}");
        }
    }
}
