//! Takes the organisations, places and other names among the mentions of one article, gives one cluster a bearer: the same letters
//! whatever their case, an acronym of a longer name, a short form of the only longer name that it can be short for. Refuses to
//! join two labels, or a short form of several.
//!
//! Why a mention was joined: `same_name`, `acronym`, `short_form`.

use super::Cluster;
use crate::document::{Label, Mention};
use serde::Deserialize;
use std::collections::{BTreeSet, HashMap};
use std::sync::LazyLock;

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Data {
    /// Left out of acronyms.
    small: BTreeSet<String>,
    /// Short forms of a word at the end of a longer name.
    short_for: HashMap<String, String>,
    /// Ends of names that are a class of bodies and stand for no particular one.
    classes: BTreeSet<String>,
    /// What follows the name of a county in the name of its force.
    forces: BTreeSet<String>,
}

static DATA: LazyLock<Data> =
    LazyLock::new(|| toml::from_str(include_str!("bodies.toml")).expect("a test reads the built-in short forms"));

/// A cluster in the making, with its spelling in words.
struct Body<'a> {
    label: &'a Label,
    words: Vec<String>,
    /// As it stands in the text first.
    surface: &'a str,
    cluster: Cluster,
}

/// Joins what is neither a person nor a pseudonym.
pub(super) fn join(text: &str, mentions: &[Mention]) -> Vec<Cluster> {
    let mut bodies: Vec<Body> = Vec::new();
    let mut known: HashMap<(&Label, Vec<String>), usize> = HashMap::new();
    for (m, mention) in mentions.iter().enumerate() {
        if matches!(mention.label, Label::Per | Label::Anon) {
            continue;
        }
        let surface = mention.span.of(text);
        let words = spelling(surface);
        match known.get(&(&mention.label, words.clone())) {
            Some(&b) => bodies[b].cluster.join(m, "same_name"),
            None => {
                known.insert((&mention.label, words.clone()), bodies.len());
                bodies.push(Body { label: &mention.label, words, surface, cluster: Cluster::of(m) });
            }
        }
    }
    let longer: Vec<Option<(usize, &'static str)>> = bodies.iter().map(|body| only_longer(body, &bodies)).collect();
    let mut clusters: Vec<Option<Cluster>> = bodies.into_iter().map(|b| Some(b.cluster)).collect();
    for (b, found) in longer.iter().enumerate() {
        // A longer name is never short for another one: `only_longer` asks for more words, so this ends.
        let Some((mut at, why)) = *found else { continue };
        while let Some((next, _)) = longer[at] {
            at = next;
        }
        let short = clusters[b].take().expect("each is joined once");
        let long = clusters[at].as_mut().expect("the longest name of a chain is joined to none");
        long.join(short.seed, why);
        short.links.iter().for_each(|link| long.join(link.mention, why));
    }
    clusters.into_iter().flatten().collect()
}

/// A name in lower case, without a leading "the", cut at white space.
fn spelling(surface: &str) -> Vec<String> {
    let words: Vec<String> = surface.replace('’', "'").split_whitespace().map(str::to_lowercase).collect();
    if words.len() > 1 && words[0] == "the" { words[1..].to_vec() } else { words }
}

/// The only longer name that `body` is an acronym of or short for; of several, its force.
fn only_longer(body: &Body, bodies: &[Body]) -> Option<(usize, &'static str)> {
    if !matches!(body.label, Label::Org | Label::Loc) {
        return None;
    }
    let only = |fits: &dyn Fn(&[String]) -> bool| {
        let mut fitting = (0..bodies.len()).filter(|&b| bodies[b].label == body.label && fits(&bodies[b].words));
        fitting.next().filter(|_| fitting.next().is_none())
    };
    let rest = |long: &[String]| long.strip_prefix(body.words.as_slice()).map(|rest| rest.join(" "));
    let force = |long: &[String]| rest(long).is_some_and(|rest| DATA.forces.contains(&rest));
    let of_place = *body.label == Label::Loc;
    only(&|long| is_acronym(body, long))
        .map(|b| (b, "acronym"))
        .or_else(|| only(&force).or_else(|| only(&|long| is_short_form(&body.words, long, of_place))).map(|b| (b, "short_form")))
}

/// "IOPC" of "Independent Office for Police Conduct", its plural too.
fn is_acronym(body: &Body, long: &[String]) -> bool {
    let letters = body.surface.strip_suffix('s').unwrap_or(body.surface);
    let one_word = body.words.len() == 1 && letters.len() > 1 && letters.chars().all(|c| c.is_ascii_uppercase());
    if !one_word || long.len() < 2 {
        return false;
    }
    let initial = |w: &&String| !DATA.small.contains(w.as_str());
    let initials: String = long.iter().filter(initial).filter_map(|w| w.chars().next()).collect();
    initials == letters.to_lowercase()
}

/// "Wealdshire" of "Wealdshire Police", "Packet" of "Tolland Packet", "the Met" of "Weald Metropolitan Police", "Tolland" of
/// "Tolland-on-Sea".
fn is_short_form(short: &[String], long: &[String], of_place: bool) -> bool {
    if short.len() >= long.len() {
        return short.len() == 1 && long.len() == 1 && long[0].strip_prefix(&short[0]).is_some_and(|rest| rest.starts_with('-'));
    }
    let ends = long.ends_with(short) && !DATA.classes.contains(&short.join(" "));
    let replaced = short.last().and_then(|last| DATA.short_for.get(last)).is_some_and(|whole| {
        let tail = whole.split(' ').map(str::to_owned);
        let words: Vec<String> = short[..short.len() - 1].iter().cloned().chain(tail).collect();
        long.ends_with(&words)
    });
    // "Tolland" is not short for "Tolland Road", nor "Tolland Police" for "Tolland Police Federation".
    let complete = short.last().is_some_and(|last| DATA.classes.contains(last) || DATA.forces.contains(last));
    (long.starts_with(short) && !of_place && !complete) || ends || replaced
}
