//! What a rule file of one's own does to the built-in rules, and what is said of one that is wrong.

use super::*;

/// A file that stands alone.
const ALONE: &str = r#"extends = "nothing"
[lists]
noun = ["chair", "chairman"]
[[role]]
id = "head"
bias = 0
least = 0.5
[[feature]]
id = "hearing"
bias = -1
signs = [{ weight = 1, patterns = ["hearing"] }]
[[rule]]
id = "head.title"
role = "head"
weight = 0.9
patterns = ["@noun X"]
"#;

fn rules(own: &str) -> Rules {
    Reading::of(Some(("f.toml", own))).complete().unwrap_or_else(|error| panic!("{error}"))
}

/// The faults of a file, without its name.
fn faults(own: &str) -> Vec<String> {
    let faults = Reading::of(Some(("f.toml", own))).faults.into_sorted();
    faults.iter().map(|fault| fault.to_string().strip_prefix("f.toml:").map_or(fault.to_string(), str::to_owned)).collect()
}

fn rule<'r>(rules: &'r Rules, id: &str) -> Option<&'r Rule> {
    rules.rules.iter().find(|rule| rule.id == id)
}

#[test]
fn a_rule_is_changed_by_its_id_and_keeps_what_is_not_named() {
    let before = Rules::builtin();
    let after =
        rules("[[rule]]\nid = \"chair.before\"\nweight = 0.4\n\"+patterns\" = [\"oyez X\"]\n\"+needs\" = [\"regulator\"]\n");
    let (was, is) = (rule(&before, "chair.before").unwrap(), rule(&after, "chair.before").unwrap());
    assert_eq!((is.weight, &is.role, is.examples.len()), (0.4, &was.role, was.examples.len()));
    assert_eq!(is.patterns.len(), was.patterns.len() + 1);
    assert_eq!(is.needs, ["regulator"]);
    assert_eq!(after.rules.len(), before.rules.len());
    let place = |rules: &Rules| rules.rules.iter().position(|rule| rule.id == "chair.before");
    assert_eq!(place(&after), place(&before));
}

#[test]
fn rules_are_added_and_switched_off() {
    let own = "[[rule]]\nid = \"chair.before\"\noff = true\n[[rule]]\nid = \"chair.oyez\"\nrole = \"panel_chair\"\nweight = 0.9\npatterns = [\"oyez X\"]\n[[rule]]\nid = \"chair.later\"\noff = true\nweight = 0.9\n";
    let Reading { rules, changes, faults } = Reading::of(Some(("f.toml", own)));
    assert_eq!(faults.into_sorted(), []);
    assert!(rule(&rules, "chair.before").is_none() && rule(&rules, "chair.later").is_none());
    assert!(rule(&rules, "chair.oyez").is_some());
    let of = |ids: &[&str]| ids.iter().map(|id| (*id).to_owned()).collect();
    assert_eq!(changes["rule"], Changes { added: of(&["chair.oyez"]), changed: of(&[]), off: of(&["chair.before"]) });
}

#[test]
fn a_role_that_is_switched_off_takes_its_rules_with_it() {
    let after = rules("[[role]]\nid = \"witness\"\noff = true\n[[feature]]\nid = \"hearing\"\noff = true\n");
    assert!(after.roles().all(|role| role != "witness"));
    assert!(after.rules.iter().all(|rule| rule.role != "witness"));
    assert!(after.roles.iter().all(|role| role.outranks.iter().all(|other| other != "witness") && role.needs.is_empty()));
    let named =
        "[[role]]\nid = \"witness\"\noff = true\n[[rule]]\nid = \"a\"\nrole = \"witness\"\nweight = 0.5\npatterns = [\"a X\"]\n";
    assert_eq!(faults(named), ["6:8: rule a: the role 'witness' is switched off"]);
}

#[test]
fn lists_are_replaced_and_extended() {
    let meets = |own: &str, line: &str| {
        let own = format!("{own}[[rule]]\nid = \"a\"\nrole = \"witness\"\nweight = 0.5\npatterns = [\"@chair_noun X\"]\n");
        rule(&rules(&own), "a").unwrap().patterns[0].find_at(line, 0).is_some()
    };
    let (chair, convener) = ("chair <P0|person> ", "convener <P0|person> ");
    let (extended, replaced) = ("[lists]\n\"+chair_noun\" = [\"convener\"]\n", "[lists]\nchair_noun = [\"convener\"]\n");
    assert_eq!((meets("", chair), meets("", convener)), (true, false));
    assert_eq!((meets(extended, chair), meets(extended, convener)), (true, true));
    assert_eq!((meets(replaced, chair), meets(replaced, convener)), (false, true));
}

#[test]
fn a_file_that_extends_nothing_stands_alone() {
    let alone = rules(ALONE);
    assert_eq!((alone.rules.len(), alone.roles.len(), alone.background.len()), (1, 1, 0));
}

#[test]
fn the_hash_covers_what_is_built_in_and_the_file() {
    let hashes = [Rules::builtin(), rules("# a\n"), rules("# b\n"), rules(ALONE)].map(|rules| rules.hash().to_owned());
    assert!(hashes.iter().all(|hash| hash.starts_with("sha256:") && hash.len() == 71));
    assert_eq!(hashes.iter().collect::<BTreeSet<_>>().len(), 4);
    assert_eq!(rules("").hash(), Rules::builtin().hash());
}

/// They were once taken, though no entity has them.
#[test]
fn a_role_can_t_be_derived_from_a_trait_of_a_place() {
    let derived = |name| format!("{ALONE}\n[[derived]]\nid = \"d\"\nrole = \"head\"\nfrom = \"head\"\ntrait = \"{name}\"\n");
    assert_eq!(faults(&derived("police")), [""; 0]);
    let found = faults(&derived("again"));
    assert_eq!(found.len(), 1);
    assert!(
        found[0].ends_with("derived d: 'again' is of a place in the text, for patterns alone: no entity has it"),
        "{found:?}"
    );
}

#[test]
fn a_fault_says_line_and_column_and_what_may_be_meant() {
    for (from, to, expected) in [
        ("role = \"head\"", "role = \"haed\"", "14:8: rule head.title: there is no role 'haed'; did you mean 'head'?"),
        ("@noun X", "@nuon X", "16:13: rule head.title: \"@nuon X\": there is no list @nuon; did you mean 'noun'?"),
        ("@noun X", "@noun", "16:13: rule head.title: \"@noun\": a pattern of a rule needs the slot X"),
        ("@noun X", "(@noun X", "16:13: rule head.title: \"(@noun X\" can't be read: a ) is missing"),
        (
            "@noun X",
            "co-chair X",
            "16:13: rule head.title: \"co-chair X\": patterns do not see '-'; leave it out, or write a space or ' in its place",
        ),
        ("@noun X", "X[juge]", "16:13: rule head.title: there is no trait 'juge'; did you mean 'judge'?"),
        ("0.9", "99", "15:10: rule head.title: 'weight' lies between -10 and 10, found 99"),
        ("0.9", "nan", "15:10: rule head.title: 'weight' lies between -10 and 10, found NaN"),
        ("0.9", "\"high\"", "15:10: rule head.title: 'weight' is a number, found a text"),
        ("weight = 0.9\n", "", "13:6: rule head.title: 'weight' is missing"),
        ("bias = -1\n", "bias = true\n", "10:8: feature hearing: 'bias' is a number, found true or false"),
        ("weight = 1,", "", "11:10: feature hearing: 'weight' is missing"),
        ("\"chairman\"", "7", "3:18: lists: 'noun' holds texts, found a number"),
        ("\"chairman\"", "\"é @noun\"", "3:18: lists: \"é @noun\": the list @noun holds itself"),
        ("[\"chair\", \"chairman\"]", "[]", "3:1: lists: 'noun' holds no phrase, so that any words would do"),
        ("patterns", "patern", "16:1: rule head.title: there is no key 'patern'; did you mean 'patterns'?"),
        ("[lists]", "[list]", "2:2: the file: there is no key 'list'; did you mean 'lists'?"),
        ("extends = \"nothing\"", "extends = \"nothin\"", "1:11: 'extends' is \"built-in\" or \"nothing\""),
        ("id = \"head.title\"", "", "12:1: a [[rule]] needs an id, a text"),
        ("[\"hearing\"]", "[\"\"]", "11:36: feature hearing: a pattern without words"),
        ("[\"hearing\"]", "[\"hearing?\"]", "11:36: feature hearing: \"hearing?\": it can match no words at all"),
    ] {
        let found = faults(&ALONE.replace(from, to));
        assert!(found.contains(&expected.to_owned()), "{expected}\n{found:#?}");
    }
}

#[test]
fn an_entry_that_is_named_twice_or_is_not_there_is_refused() {
    let twice = "[[role]]\nid = \"witness\"\nbias = 0\n[[role]]\nid = \"witness\"\nleast = 0.6\n";
    assert_eq!(faults(twice), ["5:6: the role id 'witness' is used twice"]);
    let gone = "[[rule]]\nid = \"chair.befor\"\noff = true\n[lists]\n\"+chair_nuon\" = [\"convener\"]\n";
    let expected = [
        "2:6: there is no rule 'chair.befor' to switch off; did you mean 'chair.before'?",
        "5:1: there is no list 'chair_nuon' to add to; did you mean 'chair_noun'?",
    ];
    assert_eq!(faults(gone), expected);
    assert_eq!(
        faults("[[rule]]\nid = \"chair.before\"\n\"+weight\" = [1]\n\"+needs\" = \"appeal\"\n"),
        ["3:1: 'weight' is a number, to which nothing can be added", "4:12: '+needs' adds a list, found a text"]
    );
}

#[test]
fn all_faults_are_told_in_their_order() {
    let found = faults(&ALONE.replace("0.9", "99").replace("least", "last").replace("@noun X", "@nuon X[juge]"));
    let places: Vec<&str> = found.iter().map(|fault| fault.split_once(": ").unwrap().0).collect();
    assert_eq!(places, ["5:6", "7:1", "15:10", "16:13", "16:13"], "{found:#?}");
}

#[test]
fn what_is_no_toml_is_said_with_its_place() {
    let found = faults("[[rule]]\nid = \"a\nrole = 5\n");
    assert!(found[0].starts_with("2:8: this is no TOML: "), "{found:?}");
}

#[test]
fn a_list_of_one_s_own_that_breaks_built_in_ones_is_blamed_alone() {
    let expected = ["2:15: lists: \"@hearing_np\": the list @hearing_np holds itself"];
    assert_eq!(faults("[lists]\n\"+hearing\" = [\"@hearing_np\"]\n"), expected);
}
