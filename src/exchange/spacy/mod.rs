//! Takes articles, gives a [`DocBin`](https://spacy.io/api/docbin) of spaCy 3 (`.spacy`): `doc.text` is the article's text, `doc.ents` its
//! mentions with their entity as `ent_id_`, `doc.spans["roles"]` the mentions of entities with a role, a span for each role; sentence
//! starts are set. With the layer `roles` the entities are not said to be none, they are left unsaid.
//!
//! The file, as spaCy 3.8's `DocBin.from_bytes` reads it: zlib around a map of MessagePack. Its tokens are a table of 64-bit numbers,
//! kept in a file without a name until the end, since their length stands before them. Refuses articles beyond the 4 GiB that
//! MessagePack can hold in one piece.

mod strings;

use super::article::{Article, Layer};
use super::words::{Word, words};
use super::{Export, ExportError, Exporter, Format, Holds, no_hint, nothing_beside};
use flate2::Compression;
use flate2::write::ZlibEncoder;
use rmp::encode::{write_array_len, write_bin, write_bin_len, write_bool, write_map_len, write_str, write_uint};
use std::fs::File;
use std::io::{self, BufReader, BufWriter, Seek, Write};
use std::ops::Range;
use strings::Strings;

/// The format.
pub(super) const FORMAT: Format = Format {
    name: "spacy",
    about: "a DocBin for spaCy: entities in doc.ents, roles in doc.spans",
    holds: Holds { relations: false, kinds: false, evidence: false, ..Holds::ALL },
    offsets: None,
    export: Some(Export {
        extension: "spacy",
        open: |layer| Ok(Box::new(DocBin::new(layer)?)),
        beside: nothing_beside,
        hint: no_hint,
    }),
    import: None,
};

/// The key of the spans of roles.
const ROLES: &str = "roles";

/// The numbers of the attributes in a row, in their order: ORTH, ENT_IOB, ENT_TYPE, SENT_START, ENT_ID.
const ATTRIBUTES: [u64; 5] = [65, 77, 78, 80, 454];

/// The same where nothing is said of entities: ORTH, SENT_START.
const WITHOUT_ENTITIES: [u64; 2] = [65, 80];

/// The most bytes that MessagePack holds in one piece.
const MOST: u64 = u32::MAX as u64;

struct DocBin {
    layer: Layer,
    tokens: BufWriter<File>,
    /// The bytes of the tokens.
    size: u64,
    spaces: Vec<u8>,
    lengths: Vec<i32>,
    strings: Strings,
    groups: Vec<Vec<u8>>,
}

impl DocBin {
    fn new(layer: Layer) -> io::Result<Self> {
        let tokens = BufWriter::new(tempfile::tempfile()?);
        let strings = Strings::default();
        Ok(Self { layer, tokens, size: 0, spaces: vec![], lengths: vec![], strings, groups: vec![] })
    }

    fn attributes(&self) -> &'static [u64] {
        if self.layer.ner() { &ATTRIBUTES } else { &WITHOUT_ENTITIES }
    }

    /// The row of a token, for the attributes in their order.
    fn row(&mut self, word: &Word<'_>) -> Vec<u64> {
        let orth = self.strings.id(word.text);
        let starts = if word.starts_sentence { 1 } else { u64::MAX };
        if !self.layer.ner() {
            return vec![orth, starts];
        }
        match word.mention {
            None => vec![orth, OUT, 0, starts, 0],
            Some(mention) => {
                let iob = if mention.begins { BEGIN } else { IN };
                let entity = mention.entity.map_or(0, |id| self.strings.id(id));
                vec![orth, iob, self.strings.id(mention.label), starts, entity]
            }
        }
    }
}

/// Values of ENT_IOB.
const IN: u64 = 1;
const OUT: u64 = 2;
const BEGIN: u64 = 3;

impl Exporter for DocBin {
    fn article(&mut self, article: &Article, _out: &mut Vec<u8>) -> Result<(), ExportError> {
        let (words, places) = words(article);
        let bytes = (words.len() * self.attributes().len() * size_of::<u64>()) as u64;
        if self.size + bytes > MOST {
            let message =
                "expected at most 4 GiB of tokens in a DocBin, found more; export in parts: with --split, or file by file";
            return Err(ExportError::Unfit(message.to_owned()));
        }
        for word in &words {
            for value in self.row(word) {
                self.tokens.write_all(&value.to_le_bytes())?;
            }
            self.spaces.push(u8::from(word.space));
        }
        self.size += bytes;
        // At most 4 GiB of rows are far fewer than 2^31.
        self.lengths.push(i32::try_from(words.len()).unwrap_or(i32::MAX));
        let group = if self.layer.roles() { group(article, &places, &mut self.strings)? } else { vec![NO_GROUP] };
        self.groups.push(group);
        Ok(())
    }

    fn finish(&mut self, out: &mut dyn Write) -> io::Result<()> {
        let attributes = self.attributes();
        let mut out = ZlibEncoder::new(out, Compression::default());
        write_map_len(&mut out, 9)?;
        write_str(&mut out, "version")?;
        write_str(&mut out, "0.1")?;
        write_str(&mut out, "attrs")?;
        array(&mut out, attributes, |out, &attribute| Ok(write_uint(out, attribute).map(drop)?))?;
        write_str(&mut out, "tokens")?;
        write_bin_len(&mut out, length(self.size))?;
        self.tokens.flush()?;
        let mut tokens = self.tokens.get_ref();
        tokens.rewind()?;
        io::copy(&mut BufReader::new(tokens), &mut out)?;
        write_str(&mut out, "spaces")?;
        write_bin(&mut out, &self.spaces)?;
        write_str(&mut out, "lengths")?;
        let lengths: Vec<u8> = self.lengths.iter().flat_map(|length| length.to_le_bytes()).collect();
        write_bin(&mut out, &lengths)?;
        write_str(&mut out, "strings")?;
        array(&mut out, &self.strings.sorted(), |out, string| Ok(write_str(out, string)?))?;
        write_str(&mut out, "cats")?;
        array(&mut out, &self.lengths, |out, _| Ok(write_map_len(out, 0).map(drop)?))?;
        write_str(&mut out, "flags")?;
        array(&mut out, &self.lengths, |out, _| {
            write_map_len(out, 1)?;
            write_str(out, "has_unknown_spaces")?;
            write_bool(out, false)
        })?;
        write_str(&mut out, "span_groups")?;
        array(&mut out, &self.groups, |out, group| Ok(write_bin(out, group)?))?;
        out.finish()?;
        Ok(())
    }
}

/// Writes an array.
fn array<T, W: Write>(out: &mut W, items: &[T], each: impl Fn(&mut W, &T) -> io::Result<()>) -> io::Result<()> {
    write_array_len(out, length(items.len() as u64))?;
    items.iter().try_for_each(|item| each(out, item))
}

/// A length as MessagePack has it. What could be longer was refused.
fn length(of: u64) -> u32 {
    u32::try_from(of).unwrap_or(u32::MAX)
}

/// What stands for an article without groups of spans: an empty array.
const NO_GROUP: u8 = 0x90;

/// The spans of roles: a map from the bytes of a group to its keys. `places` says which words a mention is of.
fn group(article: &Article, places: &[Range<usize>], strings: &mut Strings) -> io::Result<Vec<u8>> {
    let mut spans: Vec<Vec<u8>> = Vec::new();
    for (at, mention) in article.record.spans.iter().enumerate() {
        for role in article.roles(at) {
            let entity = mention.entity.as_deref().map_or(0, |id| strings.id(id));
            let mut span = Vec::with_capacity(40);
            for number in [entity, 0, strings.id(&role.role)] {
                span.extend_from_slice(&number.to_be_bytes());
            }
            for number in [places[at].start, places[at].end, mention.start, mention.end] {
                span.extend_from_slice(&i32::try_from(number).unwrap_or(i32::MAX).to_be_bytes());
            }
            spans.push(span);
        }
    }
    let mut bytes = Vec::new();
    write_map_len(&mut bytes, 3)?;
    write_str(&mut bytes, "name")?;
    write_str(&mut bytes, ROLES)?;
    write_str(&mut bytes, "attrs")?;
    write_map_len(&mut bytes, 0)?;
    write_str(&mut bytes, "spans")?;
    array(&mut bytes, &spans, |out, span| Ok(write_bin(out, span)?))?;
    let mut groups = Vec::new();
    write_map_len(&mut groups, 1)?;
    write_bin(&mut groups, &bytes)?;
    write_array_len(&mut groups, 1)?;
    write_str(&mut groups, ROLES)?;
    Ok(groups)
}
