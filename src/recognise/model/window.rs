//! Takes the wordpieces of a text, cut into sentences, gives the windows that a model of limited length reads, and for each the
//! wordpieces that it labels: every wordpiece of the text is labelled by exactly one window. Refuses nothing.

use std::ops::Range;

/// How long windows are, in wordpieces without the special ones.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) struct Layout {
    /// The most that a window may hold; at least 4.
    pub limit: usize,
    /// How much of the neighbouring sentences is read on either side, where there is room; at most a quarter of `limit`.
    pub context: usize,
}

/// A stretch of a text that the model reads at once.
#[derive(Clone, PartialEq, Eq, Debug)]
pub(super) struct Window {
    /// The wordpieces that are read.
    pub read: Range<usize>,
    /// Those of them that take their label from this window.
    pub label: Range<usize>,
}

/// The windows of a text whose sentences end before the wordpieces `ends` (ascending; the last is the number of wordpieces).
///
/// A text that fits is one window. Otherwise consecutive whole sentences are packed into a window as long as its context fits
/// as well; a sentence that is too long for a window is cut into overlapping ones.
pub(super) fn windows(ends: &[usize], layout: Layout) -> Vec<Window> {
    let total = ends.last().copied().unwrap_or(0);
    let mut windows = Vec::new();
    let mut start = 0;
    while start < total {
        let left = layout.context.min(start);
        let fits = |end: usize| left + (end - start) + layout.context.min(total - end) <= layout.limit;
        let later = &ends[ends.partition_point(|&end| end <= start)..];
        let packed = later.iter().copied().take_while(|&end| fits(end)).last();
        let end = packed.unwrap_or(later[0]);
        if end - start > layout.limit {
            cut(start..end, total, layout, &mut windows);
        } else {
            windows.push(Window { read: surround(start..end, total, layout), label: start..end });
        }
        start = end;
    }
    windows
}

/// A stretch with its context, evenly shortened where both sides do not fit.
fn surround(label: Range<usize>, total: usize, layout: Layout) -> Range<usize> {
    let room = layout.limit - label.len();
    let (before, after) = (layout.context.min(label.start), layout.context.min(total - label.end));
    let left = before.min((room / 2).max(room.saturating_sub(after)));
    label.start - left..label.end + after.min(room - left)
}

/// Windows over a sentence that is longer than one: evenly spread, each pair sharing at least twice the context, and a wordpiece
/// labelled by the one in which it stands further from the ends.
fn cut(sentence: Range<usize>, total: usize, layout: Layout, windows: &mut Vec<Window>) {
    let read = sentence.start.saturating_sub(layout.context)..total.min(sentence.end + layout.context);
    let shared = 2 * layout.context;
    let steps = (read.len() - shared).div_ceil(layout.limit - shared) - 1;
    let first = |step: usize| read.start + step * (read.len() - layout.limit) / steps;
    let mut done = sentence.start;
    for step in 0..=steps {
        let stretch = first(step)..first(step) + layout.limit;
        let end = if step == steps { sentence.end } else { (first(step + 1) + stretch.end) / 2 };
        windows.push(Window { read: stretch, label: done..end });
        done = end;
    }
}

/// Rows of wordpieces that go through the network together: indices into `lengths`, longest first, the padded rows of a batch
/// holding at most `limit` wordpieces (a single longer row is a batch by itself).
pub(super) fn batches(lengths: &[usize], limit: usize, padded: impl Fn(usize) -> usize) -> Vec<Vec<usize>> {
    let mut order: Vec<usize> = (0..lengths.len()).collect();
    order.sort_by_key(|&row| std::cmp::Reverse(lengths[row]));
    let mut batches: Vec<Vec<usize>> = Vec::new();
    for row in order {
        match batches.last_mut() {
            Some(batch) if (batch.len() + 1) * padded(lengths[batch[0]]) <= limit => batch.push(row),
            _ => batches.push(vec![row]),
        }
    }
    batches
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn ends(lengths: &[usize]) -> Vec<usize> {
        lengths
            .iter()
            .scan(0, |end, length| {
                *end += length;
                Some(*end)
            })
            .collect()
    }

    #[test]
    fn a_text_that_fits_is_one_window_whatever_the_limit() {
        for limit in [60, 120, 500] {
            let found = windows(&ends(&[20, 30, 10]), Layout { limit, context: 15 });
            assert_eq!(found, [Window { read: 0..60, label: 0..60 }]);
        }
    }

    #[test]
    fn whole_sentences_are_packed_with_context_on_both_sides() {
        let found = windows(&ends(&[20, 20, 20, 20, 20]), Layout { limit: 60, context: 10 });
        let expected = [(0..50, 0..40), (30..90, 40..80), (70..100, 80..100)].map(|(read, label)| Window { read, label });
        assert_eq!(found, expected);
    }

    #[test]
    fn a_word_of_a_long_sentence_is_labelled_where_it_has_most_context() {
        let found = windows(&[1000], Layout { limit: 100, context: 20 });
        for window in &found {
            let left = if window.read.start == 0 { 20 } else { window.label.start - window.read.start };
            let right = if window.read.end == 1000 { 20 } else { window.read.end - window.label.end };
            assert!(left >= 20 && right >= 20, "{window:?}");
        }
        assert_eq!(found.len(), 16);
    }

    proptest! {
        #[test]
        fn every_wordpiece_is_labelled_once(lengths in prop::collection::vec(0usize..90, 0..40), limit in 8usize..80, part in 0usize..=20) {
            let layout = Layout { limit, context: part * limit / 80 };
            let ends = ends(&lengths);
            let mut done = 0;
            for window in windows(&ends, layout) {
                prop_assert_eq!(window.label.start, done);
                prop_assert!(!window.label.is_empty());
                prop_assert!(window.read.start <= window.label.start && window.label.end <= window.read.end);
                prop_assert!(window.read.len() <= limit);
                done = window.label.end;
            }
            prop_assert_eq!(done, ends.last().copied().unwrap_or(0));
        }

        #[test]
        fn every_row_is_in_one_batch_of_bounded_size(lengths in prop::collection::vec(1usize..130, 0..60), limit in 1usize..2000) {
            let padded = |length: usize| length.next_multiple_of(8);
            let batches = batches(&lengths, limit, padded);
            for batch in &batches {
                let longest = batch.iter().map(|&row| padded(lengths[row])).max().unwrap();
                prop_assert!(batch.len() == 1 || batch.len() * longest <= limit);
            }
            let mut rows = batches.concat();
            rows.sort_unstable();
            prop_assert_eq!(rows, (0..lengths.len()).collect::<Vec<_>>());
        }
    }
}
