//! Takes a text and a unit, gives for each byte offset of the text the same place counted in that unit, and back. Offsets leave
//! and enter the crate through here alone; everywhere else bytes are counted. Refuses, on the way back, what is no place
//! between two characters of the text.

use serde::{Deserialize, Serialize};

/// What the offsets of a record count.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum OffsetUnit {
    /// Unicode scalar values: indices of Python's `str`.
    #[default]
    Char,
    /// Bytes of UTF-8: indices of Rust's and Go's strings.
    Byte,
    /// Code units of UTF-16: indices of strings in JavaScript, Java and C#.
    Utf16,
}

impl OffsetUnit {
    /// How many units begin with this byte of UTF-8. A character counts at its first byte, twice if it needs a surrogate pair.
    fn of_byte(self, byte: u8) -> usize {
        let first = usize::from(byte & 0xC0 != 0x80);
        match self {
            Self::Byte => 1,
            Self::Char => first,
            Self::Utf16 => first + usize::from(byte >= 0xF0),
        }
    }

    fn of_bytes(self, bytes: &[u8]) -> usize {
        bytes.iter().map(|&byte| self.of_byte(byte)).sum()
    }
}

/// Bytes from one mark to the next: the most that one look-up counts.
const BLOCK: usize = 64;

/// The offsets of one text in one unit. Made in one pass over the text; a look-up then takes constant time.
pub struct Offsets<'a> {
    text: &'a [u8],
    unit: OffsetUnit,
    /// Units before each block, and after the last.
    marks: Vec<usize>,
}

impl<'a> Offsets<'a> {
    /// Counts `text` in `unit`.
    #[must_use]
    pub fn new(text: &'a str, unit: OffsetUnit) -> Self {
        let text = text.as_bytes();
        let mut marks = Vec::with_capacity(text.len() / BLOCK + 2);
        marks.push(0);
        let mut before = 0;
        for block in text.chunks(BLOCK) {
            before += unit.of_bytes(block);
            marks.push(before);
        }
        Self { text, unit, marks }
    }

    /// The units before byte `byte`.
    ///
    /// # Panics
    /// When `byte` lies past the text.
    #[must_use]
    pub fn at(&self, byte: usize) -> usize {
        let block = byte / BLOCK;
        self.marks[block] + self.unit.of_bytes(&self.text[block * BLOCK..byte])
    }

    /// The byte before which there are `units`; none past the end of the text or inside a character.
    #[must_use]
    pub fn byte(&self, units: usize) -> Option<usize> {
        let block = self.marks.partition_point(|&before| before <= units) - 1;
        let mut before = self.marks[block];
        for (at, &byte) in self.text.iter().enumerate().skip(block * BLOCK) {
            let boundary = byte & 0xC0 != 0x80;
            if boundary && before >= units {
                return (before == units).then_some(at);
            }
            before += self.unit.of_byte(byte);
        }
        (before == units).then_some(self.text.len())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    proptest! {
        #[test]
        fn every_boundary_is_where_the_standard_library_counts_it(text in "(\\PC|[\u{1F46E}\u{301}\r\n\u{a0}]){0,200}") {
            let (char, byte, utf16) = (
                Offsets::new(&text, OffsetUnit::Char),
                Offsets::new(&text, OffsetUnit::Byte),
                Offsets::new(&text, OffsetUnit::Utf16),
            );
            for at in (0..=text.len()).filter(|&at| text.is_char_boundary(at)) {
                prop_assert_eq!(char.at(at), text[..at].chars().count());
                prop_assert_eq!(byte.at(at), at);
                prop_assert_eq!(utf16.at(at), text[..at].encode_utf16().count());
            }
        }

        #[test]
        fn the_way_back_leads_to_boundaries_alone(text in "(\\PC|[\u{1F46E}\u{301}\r\n\u{a0}]){0,200}") {
            for unit in [OffsetUnit::Char, OffsetUnit::Byte, OffsetUnit::Utf16] {
                let offsets = Offsets::new(&text, unit);
                let boundaries: Vec<usize> = (0..=text.len()).filter(|&at| text.is_char_boundary(at)).collect();
                let places: Vec<(usize, usize)> = boundaries.iter().map(|&at| (offsets.at(at), at)).collect();
                for units in 0..=text.len() + 2 {
                    let expected = places.iter().find(|place| place.0 == units).map(|place| place.1);
                    prop_assert_eq!(offsets.byte(units), expected, "{} {:?}", units, unit);
                }
            }
        }
    }
}
