// Places in the text: from the page's nodes to offsets in UTF-16 units, which strings count in as well, and from there to words
// and characters. Nothing but the article's own characters are text nodes of its blocks, so counting them is exact.

/** The offset in the article of a boundary point in its page. */
export function offsetAt(text, node, offset, length) {
  const element = node.nodeType === Node.ELEMENT_NODE ? node : node.parentElement;
  const block = element.closest('[data-from]');
  if (block !== null && text.contains(block)) {
    const range = document.createRange();
    range.setStart(block, 0);
    range.setEnd(node, offset);
    return Number(block.dataset.from) + range.toString().length;
  }
  // Between blocks, or outside of the text: the next block's beginning.
  const range = document.createRange();
  range.setStart(node, offset);
  const next = [...text.querySelectorAll('[data-from]')].find((candidate) => range.comparePoint(candidate, 0) >= 0);
  return next === undefined ? length : Number(next.dataset.from);
}

/** The first of the pairs in a flat list that ends after the offset; the number of pairs if none does. */
function pairAfter(pairs, offset) {
  let [low, high] = [0, pairs.length / 2];
  while (low < high) {
    const middle = (low + high) >> 1;
    if (pairs[2 * middle + 1] > offset) high = middle;
    else low = middle + 1;
  }
  return low;
}

const pair = (pairs, at) => (at >= 0 && 2 * at < pairs.length ? { start: pairs[2 * at], end: pairs[2 * at + 1] } : null);

/** Grown to whole words, without the space around them; null where there is no word. */
export function snapped(tokens, { start, end }) {
  const first = pair(tokens, pairAfter(tokens, start));
  if (first === null || first.start >= end) return null;
  let last = pairAfter(tokens, end - 1);
  // The end lies between words, or after all of them.
  if (pair(tokens, last) === null || pair(tokens, last).start >= end) last -= 1;
  return { start: first.start, end: pair(tokens, last).end };
}

/** Moves over words. Each gives a place, or undefined where there is none that way. */
export const byWords = (tokens) => {
  const after = (offset) => pair(tokens, pairAfter(tokens, offset));
  const from = (offset) => (after(offset)?.start < offset ? pair(tokens, pairAfter(tokens, offset) + 1) : after(offset));
  const upTo = (offset) => pair(tokens, pairAfter(tokens, offset) - 1);
  return {
    from,
    upTo,
    endAfter: (offset) => after(offset)?.end,
    endBefore: (offset) => upTo(offset - 1)?.end,
    startAfter: (offset) => from(offset + 1)?.start,
    startBefore: (offset) => (after(offset - 1)?.start < offset ? after(offset - 1) : upTo(offset))?.start,
  };
};

/** Characters as people see them: an emoji with its joiners, a letter with its accents. */
const characters = new Intl.Segmenter('en', { granularity: 'grapheme' });

/** No character is longer than this, or its rest is taken as another. */
const LONGEST = 128;

/** Moves over characters, with the same names. */
export const byCharacters = (text) => {
  const from = (offset) => {
    const [next] = characters.segment(text.slice(offset, offset + LONGEST));
    return next === undefined ? null : { start: offset, end: offset + next.segment.length };
  };
  const upTo = (offset) => {
    const begin = Math.max(0, offset - LONGEST);
    const last = [...characters.segment(text.slice(begin, offset))].at(-1);
    return last === undefined ? null : { start: begin + last.index, end: offset };
  };
  const [after, before] = [(offset) => from(offset)?.end, (offset) => upTo(offset)?.start];
  return { from, upTo, endAfter: after, endBefore: before, startAfter: after, startBefore: before };
};
