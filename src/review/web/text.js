// The article's text with its mentions. It is cut into blocks, a paragraph each, and only those that look different are drawn anew.

import { isGivenBack, keepingFocus, reveal } from './focus.js';
import { evidenceOf, held, on, select, selectedMention, selectedPerson, state, tell } from './state.js';

/** A longer paragraph is cut between sentences: the browser lays out only blocks in view. */
const LONGEST = 4_000;

/** Blocks of the text with what is drawn in them: half-open, without the line breaks between them; `gap` where a line is empty before it. */
let blocks = [];

const area = () => byId('text');

function paragraphs(text) {
  const found = [];
  let gap = false;
  for (const line of text.matchAll(/([^\n\r\u2028\u2029]*)(\r\n|[\n\r\u2028\u2029]|$)/g)) {
    if (line[1].trim() === '') gap = true;
    else {
      found.push({ start: line.index, end: line.index + line[1].length, gap });
      gap = false;
    }
  }
  return found;
}

/** Cuts a long paragraph at ends of sentences, or if a sentence is longer than that, at a space outside of mentions. */
function shortened(block, { sentences, mentions, text }) {
  const parts = [];
  let from = block.start;
  const isWithin = (at) => mentions.some((mention) => mention.start < at && at < mention.end);
  while (block.end - from > LONGEST) {
    let cut = -1;
    for (let at = 0; at < sentences.length; at += 2) {
      if (sentences[at] > from && sentences[at] <= from + LONGEST) cut = sentences[at];
    }
    if (cut < 0) cut = text.lastIndexOf(' ', from + LONGEST) + 1;
    while (cut > from && isWithin(cut)) cut = text.lastIndexOf(' ', cut - 2) + 1;
    if (cut <= from) break;
    parts.push({ start: from, end: cut, gap: block.gap && from === block.start });
    from = cut;
  }
  return [...parts, { start: from, end: block.end, gap: block.gap && from === block.start, isRest: from !== block.start }];
}

function cutIntoBlocks(article) {
  return paragraphs(article.text).flatMap((block) => (block.end - block.start > LONGEST ? shortened(block, article) : [block]));
}

/** What a mention's tag says: its label, the number of its person, the roles of that. */
export function tagOf(mention) {
  const parts = [mention.label];
  if (mention.person !== null) parts.push(mention.person + 1);
  if (mention.kind === 'nominal') parts.push('description');
  const roles = mention.person === null ? [] : held(state.article.people[mention.person]).map((role) => words(role.role));
  return [parts.join(' '), ...roles].join(' · ');
}

function mark(mention, isFirst) {
  const person = mention.person === null ? null : state.article.people[mention.person];
  const text = state.article.text.slice(mention.start, mention.end);
  const attributes = {
    class: 'mention', 'data-label': mention.label, 'data-kind': mention.kind,
    'data-start': mention.start, 'data-end': mention.end, 'data-person': mention.person === null ? undefined : mention.person + 1,
  };
  // A mention over the end of a paragraph goes on in the next, where it is no second button.
  if (!isFirst) return make('mark', attributes);
  const who = person !== null && person.name !== text ? `, ${person.name}` : '';
  return make('mark', {
    ...attributes, 'data-tag': tagOf(mention), 'data-key': `mention ${mention.start}`, role: 'button', tabindex: '-1', 'aria-pressed': 'false',
    'aria-label': `${text}: ${tagOf(mention)}${who}`,
  });
}

/** What a block's mentions look like, in words: it is drawn anew if they differ. */
function looksOf(mentions) {
  const nameOf = (mention) => (mention.person === null ? '' : state.article.people[mention.person].name);
  return mentions.map((mention) => [mention.start, mention.end, mention.label, mention.kind, tagOf(mention), nameOf(mention)].join(' ')).join('\n');
}

const within = (block) => (place) => place.start < block.end && place.end > block.start;

function piece(text, classes) {
  return classes === '' ? text : make('span', { class: classes }, text);
}

/** A block's text in pieces, from one end of something to the next. */
function piecesFor({ start, end, mentions: own, marks: places }) {
  const limit = (at) => Math.min(Math.max(at, start), end);
  const bounds = [...new Set([start, end, ...[...own, ...places].flatMap((place) => [limit(place.start), limit(place.end)])])].sort((a, b) => a - b);
  const drawn = document.createDocumentFragment();
  let open = null;
  bounds.slice(0, -1).forEach((from, at) => {
    const to = bounds[at + 1];
    const over = own.find((mention) => mention.start <= from && to <= mention.end);
    const classes = [...new Set(places.filter((place) => place.start <= from && to <= place.end).map((place) => place.class))].join(' ');
    const text = piece(state.article.text.slice(from, to), classes);
    if (over === undefined) return drawn.append(text);
    if (open?.mention !== over) {
      open = { mention: over, element: mark(over, over.start >= start) };
      drawn.append(open.element);
    }
    open.element.append(text);
  });
  return drawn;
}

/** Evidence of the selected person, and the words being chosen. */
function marked() {
  const evidence = evidenceOf(selectedPerson()).map((place) => ({ ...place, class: 'evidence' }));
  return state.choice === null ? evidence : [...evidence, { ...state.choice, class: 'choice' }];
}

/** Draws a block, if it looks different from before. */
function redraw(block, marks) {
  const signature = `${block.looks}\n\n${marks.map((place) => [place.class, place.start, place.end].join(' ')).join('\n')}`;
  block.marks = marks;
  if (block.signature === signature) return;
  block.signature = signature;
  block.element.replaceChildren(piecesFor(block));
}

/** The article has changed: looks through all blocks. */
function update() {
  const { mentions } = state.article;
  const all = marked();
  let at = 0;
  for (const block of blocks) {
    while (at < mentions.length && mentions[at].end <= block.start) at += 1;
    let to = at;
    while (to < mentions.length && mentions[to].start < block.end) to += 1;
    block.mentions = mentions.slice(at, to);
    block.looks = looksOf(block.mentions);
    redraw(block, all.filter(within(block)));
  }
  showSelection();
}

/** Only what is selected or chosen has changed: looks at the blocks with marks, before and now. */
function updateMarks() {
  const all = marked();
  blocks.filter((block) => block.marks.length > 0 || all.some(within(block))).forEach((block) => redraw(block, all.filter(within(block))));
  showSelection();
}

/** All pieces of a mention, which may lie over the end of a paragraph. */
const piecesOf = (mention) => area().querySelectorAll(`.mention[data-start="${mention.start}"]`);
export const elementOf = (mention) => (mention === null ? null : area().querySelector(`[role=button][data-start="${mention.start}"]`));

/** Elements that show the selection, so that only they are changed. */
let shown = { own: [], same: [], entry: null };

function showSelection() {
  const mention = selectedMention();
  const person = selectedPerson();
  shown.own.forEach((element) => {
    element.classList.remove('selected');
    if (element.hasAttribute('role')) element.setAttribute('aria-pressed', 'false');
  });
  shown.same.forEach((element) => element.classList.remove('same'));
  shown.entry?.setAttribute('tabindex', '-1');
  const main = elementOf(mention);
  shown = {
    own: mention === null ? [] : [...piecesOf(mention)],
    same: person === null ? [] : [...area().querySelectorAll(`.mention[data-person="${person + 1}"]`)],
    // Tab comes to the selected mention, or to the first.
    entry: main ?? area().querySelector('.mention[role=button]'),
  };
  shown.own.forEach((element) => element.classList.add('selected'));
  shown.same.forEach((element) => element.classList.add('same'));
  shown.entry?.setAttribute('tabindex', '0');
  main?.setAttribute('aria-pressed', 'true');
}

/** Blocks are laid out by so many at once, when they come into view. */
const TOGETHER = 40;

/** About how high a character makes the text, in pixels, until it is laid out. */
const HEIGHT = 0.45;

function renew() {
  blocks = cutIntoBlocks(state.article);
  blocks.forEach((block) => {
    block.element = make('p', { class: `block${block.gap ? ' gap' : ''}`, dir: 'auto', 'data-from': block.start });
    block.marks = [];
  });
  const parts = [];
  for (let at = 0; at < blocks.length; at += TOGETHER) {
    const own = blocks.slice(at, at + TOGETHER);
    const part = make('div', { class: 'part' }, ...own.map((block) => block.element));
    part.style.setProperty('--high', `${Math.ceil((own.at(-1).end - own[0].start) * HEIGHT + 30 * own.length)}px`);
    parts.push(part);
  }
  area().replaceChildren(...parts);
}

/** Brings a place of the text into view and lets it flash. */
export function flash(place) {
  const block = blocks.find(({ start, end }) => place.start < end && place.end > start);
  if (block === undefined) return;
  tell('look');
  const element = [...block.element.querySelectorAll('.evidence, .mention')].find((candidate) => {
    const range = document.createRange();
    range.setStart(block.element, 0);
    range.setEndBefore(candidate);
    return block.start + range.toString().length === Math.max(place.start, block.start);
  }) ?? block.element;
  reveal(element);
  element.classList.remove('flash');
  requestAnimationFrame(() => element.classList.add('flash'));
}

/** Brings the selected person's evidence into view, and then its mention: where both have room, both are seen. */
function revealSelection(focus) {
  const mention = elementOf(selectedMention());
  if (mention === null) return;
  if (focus !== 'none') {
    const [evidence] = area().querySelectorAll('.evidence');
    const proof = evidenceOf(selectedPerson())[0];
    if (evidence !== undefined && proof !== undefined && focus === 'card') reveal(evidence);
    reveal(mention);
  }
  if (focus === 'text') mention.focus({ preventScroll: true });
}

/** The offset of the first block that is in view. */
export function offsetInView() {
  const top = byId('page').getBoundingClientRect().top;
  return blocks.find((block) => block.element.getBoundingClientRect().bottom > top + 4)?.start ?? 0;
}

/** Whether the text around an offset runs from right to left. */
export function runsLeft(offset) {
  const block = blocks.find(({ end }) => offset < end) ?? blocks.at(-1);
  return block !== undefined && getComputedStyle(block.element).direction === 'rtl';
}

/**
 * Chromium selects nothing when a drag begins at the edge of an element within a line that can have the focus: while the
 * pointer is down, mentions can't.
 */
function letDrag() {
  let still = [];
  area().addEventListener('pointerdown', () => {
    still = [...area().querySelectorAll('.mention[tabindex]')].map((element) => [element, element.getAttribute('tabindex')]);
    still.forEach(([element]) => element.removeAttribute('tabindex'));
  });
  const back = () => {
    still.forEach(([element, value]) => element.setAttribute('tabindex', value));
    still = [];
  };
  document.addEventListener('pointerup', back);
  document.addEventListener('pointercancel', back);
}

export function startText() {
  letDrag();
  on('article', ({ fresh }) => {
    if (fresh || blocks.length === 0 || blocks.text !== state.article.text) {
      keepingFocus(area(), () => { renew(); update(); }, () => byId('article-title'));
      blocks.text = state.article.text;
      if (fresh) byId('page').scrollTop = 0;
      if (document.activeElement === document.body) byId('article-title').focus({ preventScroll: true });
    } else {
      const wasInText = area().contains(document.activeElement);
      keepingFocus(area(), update, () => elementOf(selectedMention()) ?? area());
      // The mention that has the focus is the selected one, also where a decision has selected another.
      if (wasInText) elementOf(selectedMention())?.focus({ preventScroll: true });
    }
  });
  on('selection', ({ focus }) => {
    keepingFocus(area(), updateMarks, () => elementOf(selectedMention()));
    revealSelection(focus);
  });
  on('choice', () => {
    keepingFocus(area(), updateMarks, () => elementOf(selectedMention()) ?? area());
    reveal(area().querySelector('.choice'));
  });
  // Tab comes to a mention: it is selected then, as it is by the arrows.
  area().addEventListener('focusin', ({ target }) => {
    const start = Number(target.dataset.start);
    if (!isGivenBack() && target.matches('.mention') && selectedMention()?.start !== start) select(state.article.mentions.findIndex((mention) => mention.start === start));
  });
  area().addEventListener('click', (event) => {
    const element = event.target.closest('.mention');
    if (element === null || !getSelection().isCollapsed) return;
    const start = Number(element.dataset.start);
    select(state.article.mentions.findIndex((mention) => mention.start === start), 'text');
  });
}
