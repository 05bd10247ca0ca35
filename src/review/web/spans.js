// Choosing words for a mention: by dragging over them, or by keys that move over words and characters.

import { choosePerson, hintAtAlike, labels } from './changes.js';
import { decide } from './decisions.js';
import { reveal } from './focus.js';
import { complain, say, tellAloud } from './messages.js';
import { nameOf, short } from './names.js';
import { byCharacters, byWords, offsetAt, snapped } from './offsets.js';
import { ends, mentionAt, personEnds, select, selectedMention, state, tell, wordsOf } from './state.js';
import { elementOf, offsetInView, runsLeft } from './text.js';

/** The keys while words are being chosen, for the help; what they do stands in `pressed`. */
export const CHOOSING = [
  [['←', '→'], 'the word before, after'],
  [['Shift+←', 'Shift+→'], 'the end a word back, further'],
  [['Ctrl+Shift+←', 'Ctrl+Shift+→', '[', ']'], 'the beginning a word back, further'],
  [['Alt+'], 'with any of these arrows: by a character'],
  [['Enter'], 'takes the words'],
  [['Esc'], 'leaves'],
];

export const isChoosing = () => state.choice !== null;

function setChoice(choice) {
  state.choice = choice;
  tell('choice');
  if (choice !== null) tellAloud(wordsOf(choice));
}

/** Leaves choosing; the focus goes back to the mention that was selected. */
export function leave() {
  setChoice(null);
  const element = elementOf(selectedMention());
  if (document.activeElement === document.body || byId('text').contains(document.activeElement)) (element ?? byId('text')).focus({ preventScroll: true });
}

/** What the browser has selected in the text, if anything: grown to words, unless it is to be taken as it is. */
function dragged(isExact) {
  const selection = getSelection();
  const text = byId('text');
  if (selection.isCollapsed || selection.rangeCount === 0) return null;
  const range = selection.getRangeAt(0);
  if (!range.intersectsNode(text)) return null;
  const { length } = state.article.text;
  const place = {
    start: offsetAt(text, range.startContainer, range.startOffset, length),
    end: offsetAt(text, range.endContainer, range.endOffset, length),
  };
  if (place.start >= place.end) return null;
  return isExact ? place : snapped(state.article.tokens, place);
}

/** Without white space at the ends, which is no part of a mention; as it is where it is nothing else. */
function trimmed(choice) {
  const chosen = wordsOf(choice);
  const start = choice.start + chosen.length - chosen.trimStart().length;
  return chosen.trim() === '' ? choice : { ...choice, start, end: start + chosen.trim().length };
}

/** What words that were chosen come to: a mention that is there, other ends for one, or a new one. */
function taken(choice) {
  if (choice.mention !== null) {
    const mention = choice.mention;
    leave();
    if (mention.start === choice.start && mention.end === choice.end) return;
    decide({ do: 'move', mention, to: ends(choice) }, { wanted: ends(choice) });
    return;
  }
  const same = mentionAt(choice);
  if (same >= 0) {
    leave();
    select(same, 'text');
    say('These words are a mention already; it is selected now.');
    return;
  }
  const over = state.article.mentions.filter((mention) => mention.start < choice.end && mention.end > choice.start);
  if (over.length > 1) {
    complain('These words lie over several mentions, and mentions do not overlap. Delete those that are wrong first.');
    return;
  }
  ask(choice, over[0] ?? null);
}

/** A mention of the very same words says what these probably are. */
function guess(choice) {
  const text = wordsOf(choice);
  return state.article.mentions.find((mention) => wordsOf(mention) === text) ?? { label: 'PER', person: null };
}

function labelField(chosen) {
  const rows = labels().map(({ label, key, meaning }) => {
    const radio = make('input', { type: 'radio', name: 'label', value: label, ...(label === chosen ? { checked: '' } : {}) });
    return make('label', { class: 'choice-row', title: meaning }, radio, make('span', { class: 'figure', 'data-label': label }, label), ' ', key === null ? '' : make('kbd', {}, key));
  });
  return make('fieldset', {}, make('legend', {}, 'Label'), ...rows);
}

/** Stands below the chosen words, or above them where there is no room below. */
function placeAt(dialog) {
  const last = [...byId('text').querySelectorAll('.choice')].at(-1)?.getBoundingClientRect();
  if (last === undefined) return;
  const { width, height } = dialog.getBoundingClientRect();
  const top = last.bottom + 8 + height < innerHeight ? last.bottom + 8 : Math.max(8, last.top - height - 8);
  dialog.style.setProperty('left', `${Math.max(8, Math.min(last.left, innerWidth - width - 8))}px`);
  dialog.style.setProperty('top', `${top}px`);
}

/** Asks for the label and the person of new words, or, where they lie over a mention, whether that is to have these ends. */
function ask(choice, over) {
  const dialog = byId('span-dialog');
  const chosen = short(wordsOf(choice));
  const first = guess(choice);
  let person = first.person;
  const title = make('h2', { id: 'span-title' }, over === null ? 'New mention' : 'Other ends');
  const quoted = make('p', { class: 'quoted', dir: 'auto' }, over === null ? '' : make('s', {}, short(wordsOf(over))), over === null ? '' : ' → ', make('b', {}, chosen));
  const field = over === null ? labelField(first.label) : null;
  const of = make('button', { type: 'button', class: 'key', id: 'span-person' });
  const showPerson = () => of.replaceChildren('Of: ', person === null ? 'a person of its own' : name(`${person + 1} ${nameOf(person)}`), ' ', make('kbd', {}, 'j'));
  const save = make('button', { type: 'submit', class: 'key good', id: 'span-save' }, over === null ? 'Add ' : 'Change ', make('kbd', {}, 'Enter'));
  const no = make('button', { type: 'button', class: 'key' }, 'Leave ', make('kbd', {}, 'Esc'));
  const form = make('form', { method: 'dialog' }, title, quoted, field, over === null ? of : null, make('div', { class: 'buttons' }, save, no));
  dialog.replaceChildren(form);
  showPerson();
  const label = () => form.elements.label.value;
  const other = async () => {
    const at = await choosePerson(`“${chosen}” is a mention of`, label());
    if (at !== null) {
      person = at;
      showPerson();
      // A mention has the label of its person, unless that is changed afterwards.
      form.elements.label.value = state.article.people[person].label;
    }
    save.focus();
  };
  const done = () => {
    dialog.close();
    const wanted = ends(choice);
    if (over === null) decide({ do: 'add', span: wanted, label: label(), person: person === null ? null : personEnds(person) }, { wanted, then: hintAtAlike });
    else decide({ do: 'move', mention: ends(over), to: wanted }, { wanted });
  };
  of.addEventListener('click', other);
  no.addEventListener('click', () => dialog.close());
  form.addEventListener('submit', (event) => { event.preventDefault(); done(); });
  form.addEventListener('keydown', (event) => {
    if (event.ctrlKey || event.altKey || event.metaKey) return;
    const key = event.key.toLowerCase();
    const radio = over === null ? [...form.elements.label].find((candidate) => labels().some((one) => one.key === key && one.label === candidate.value)) : undefined;
    if (event.key === 'Enter' && event.target.type === 'radio') done();
    else if (radio !== undefined) radio.checked = true;
    else if (over === null && key === 'j') other();
    else return;
    event.preventDefault();
  });
  dialog.addEventListener('close', () => { if (state.choice === choice) leave(); }, { once: true });
  dialog.showModal();
  placeAt(dialog);
  (form.querySelector('input:checked') ?? save).focus();
}

/** Begins with the word after the selected mention, or with the first in view; or takes what is selected with the pointer. */
export function insert() {
  const already = dragged(false);
  if (already !== null) {
    getSelection().removeAllRanges();
    begin({ ...already, mention: null });
    take();
    return;
  }
  const over = byWords(state.article.tokens);
  const from = selectedMention()?.end ?? offsetInView();
  const word = over.from(from) ?? over.upTo(from);
  if (word === null) complain('There are no words in this article.');
  else begin({ ...word, mention: null });
}

/** Begins with the ends that the selected mention has. */
export function change() {
  const mention = selectedMention();
  if (mention === null) complain('Select a mention first, with ← and → or a click.');
  else begin({ ...ends(mention), mention: ends(mention) });
}

function begin(choice) {
  setChoice(choice);
  byId('text').focus({ preventScroll: true });
}

export function take() {
  setChoice(trimmed(state.choice));
  taken(state.choice);
}

/** Moves both ends, the end or the beginning. Gives the new place; null if there is none that way. */
function moved({ start, end }, which, isBack, isExact) {
  const over = isExact ? byCharacters(state.article.text) : byWords(state.article.tokens);
  if (which === 'both') return isBack ? over.upTo(start) : over.from(end);
  const place = which === 'end'
    ? { start, end: isBack ? over.endBefore(end) : over.endAfter(end) }
    : { start: isBack ? over.startBefore(start) : over.startAfter(start), end };
  return place.start < place.end ? place : null;
}

/** A stroke while words are being chosen. Gives whether it was one for that. */
export function pressed(stroke) {
  const isControl = stroke.ctrlKey || stroke.metaKey;
  if (stroke.key === 'Enter') take();
  else if (stroke.key === 'Escape') leave();
  else if (['ArrowLeft', 'ArrowRight', '[', ']'].includes(stroke.key)) {
    const isArrow = stroke.key.startsWith('Arrow');
    const which = !isArrow || (stroke.shiftKey && isControl) ? 'start' : stroke.shiftKey ? 'end' : 'both';
    const isLeft = stroke.key === 'ArrowLeft' || stroke.key === '[';
    // Where the text runs to the left, the arrow to the left goes on in it.
    const isBack = isArrow && runsLeft(state.choice.start) ? !isLeft : isLeft;
    const to = moved(state.choice, which, isBack, stroke.altKey);
    if (to !== null) {
      setChoice({ ...to, mention: state.choice.mention });
      reveal(byId('text').querySelector('.choice'));
    }
  } else return false;
  return true;
}

export function startSpans() {
  byId('text').addEventListener('click', () => {
    if (isChoosing() && getSelection().isCollapsed && document.querySelector('dialog[open]') === null) leave();
  });
  let isDragging = false;
  byId('text').addEventListener('pointerdown', (event) => { isDragging = event.pointerType !== 'touch' && event.button === 0; });
  document.addEventListener('pointerup', (event) => {
    if (!isDragging) return;
    isDragging = false;
    const isExact = event.altKey;
    // The selection is complete only after the event.
    setTimeout(() => {
      const place = state.article === null ? null : dragged(isExact);
      if (place === null || document.querySelector('dialog[open]') !== null) return;
      getSelection().removeAllRanges();
      setChoice({ ...place, mention: null });
      take();
    });
  });
}
