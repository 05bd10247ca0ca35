// Changes to the article: each asks what it must and makes one decision of it.

import { choose } from './chooser.js';
import { decide } from './decisions.js';
import { complain, say } from './messages.js';
import { inline, keyOfRole, nameOf, short, sorted } from './names.js';
import { ends, held, personEnds, selectedMention, selectedPerson, state, wordsOf } from './state.js';

/** Letters for labels: the first that is not taken yet. */
const USUAL = { PER: 'p', ORG: 'o', LOC: 'l', MISC: 'm', ANON: 'a' };

/** What the built-in labels and kinds stand for. */
const LABELS = { PER: 'a person', ORG: 'an organisation', LOC: 'a place', MISC: 'something else with a name', ANON: 'a person without a name' };
const KINDS = [['name', 'n', 'a name'], ['pseudonym', 'p', 'a letter or code in place of a name'], ['nominal', 'd', 'a description']];

/** The labels that a mention can have, with their keys. */
export function labels() {
  const taken = new Set();
  return state.session.labels.map((label) => {
    const letters = [USUAL[label], ...label.toLowerCase()].filter((letter) => /^[a-z]$/.test(letter ?? '') && letter !== 'j');
    const key = letters.find((letter) => !taken.has(letter)) ?? null;
    if (key !== null) taken.add(key);
    return { label, key, meaning: LABELS[label] ?? '' };
  });
}

/** The selected mention; if none is, that is said. */
function theMention() {
  const mention = selectedMention();
  if (mention === null) complain('Select a mention first, with ← and → or a click.');
  return mention;
}

/** The place of the selected person; if none is, that is said. */
function thePerson() {
  const at = selectedPerson();
  if (at === null) complain(selectedMention() === null ? 'Select a person first, with ↑ and ↓ or a click.' : 'This mention is nobody’s: join it to a person first.');
  return at;
}

/** A person as a row of a chooser. */
function personOption(at, isKnown = false) {
  const person = state.article.people[at];
  const roles = held(person).map((role) => words(role.role)).join(', ');
  const number = String(at + 1);
  return {
    value: at, text: `${number} ${person.label} ${inline(person.name)} ${roles}`,
    parts: [make('span', { class: 'figure', 'data-label': person.label }, `${person.label} ${number}`), ' ', name(nameOf(at)),
      make('span', { class: 'note' }, ` ${[roles, counted(person.mentions.length, 'mention')].filter((part) => part !== '').join(' · ')}`),
      isKnown ? make('b', {}, ' – choose to remove') : ''],
  };
}

/** Everybody but one, in the order of the cards; those with the label given come first. */
function others(but, label = null) {
  const { holders, others: rest } = sorted();
  const all = [...holders, ...rest].filter((at) => at !== but);
  const first = (at) => (state.article.people[at].label === label ? 0 : 1);
  return label === null ? all : all.sort((a, b) => first(a) - first(b));
}

/** Lets choose a person for words of a label. */
export function choosePerson(title, label, but = null) {
  return choose({ title, options: others(but, label).map((at) => personOption(at)) });
}

export const setRole = (at, role, holds) => decide({ do: 'role', person: personEnds(at), role, holds });
export const setRelation = (type, from, to, holds) => decide({ do: 'relate', type, from: personEnds(from), to: personEnds(to), holds });

/** Gives the selected person a role, or takes it away. */
export function toggleRole(role) {
  const at = thePerson();
  if (at === null || role === null) return;
  const holds = !held(state.article.people[at]).some((own) => own.role === role);
  setRole(at, role, holds);
}

export async function chooseRole() {
  const at = thePerson();
  if (at === null) return;
  const holds = new Set(held(state.article.people[at]).map((own) => own.role));
  const options = state.session.roles.map((role) => ({
    value: role, text: words(role),
    parts: [keyOfRole(role) === null ? '' : make('kbd', {}, keyOfRole(role)), ' ', words(role), holds.has(role) ? make('b', {}, ' – choose to take away') : ''],
  }));
  const role = await choose({ title: `Role of ${nameOf(at)}`, options });
  if (role !== null) toggleRole(role);
}

/** Confirms every role that was predicted of the selected person. */
export function confirmRoles() {
  const at = thePerson();
  if (at === null) return;
  const roles = state.article.people[at].roles.filter((role) => role.status === 'predicted');
  if (roles.length === 0) say(`No role of ${nameOf(at)} is left to be confirmed.`);
  else decideAll(roles.map(({ role }) => ({ do: 'role', person: personEnds(at), role, holds: true })));
}

export async function merge() {
  const at = thePerson();
  if (at === null) return;
  const into = await choose({
    title: `Merge ${nameOf(at)} into`, note: 'All mentions, roles and relations go over.',
    options: others(at, state.article.people[at].label).map((other) => personOption(other)),
  });
  if (into !== null) decide({ do: 'merge', person: personEnds(at), into: personEnds(into) });
}

async function relationType() {
  const types = state.session.relations.length === 0 ? ['represents'] : state.session.relations;
  if (types.length === 1) return types[0];
  return choose({ title: 'Relation', options: types.map((type) => ({ value: type, text: words(type), parts: [words(type)] })) });
}

/** Says whom the selected person represents; choosing one that it represents already takes that back. */
export async function relate() {
  const at = thePerson();
  if (at === null) return;
  const type = await relationType();
  if (type === null) return;
  const known = new Set(state.article.relations.filter((relation) => relation.type === type && relation.from === at).map((relation) => relation.to));
  const all = others(at);
  const options = [...all.filter((to) => known.has(to)), ...all.filter((to) => !known.has(to))].map((to) => personOption(to, known.has(to)));
  const to = await choose({ title: `${sentence(nameOf(at))} ${words(type)}`, options });
  if (to !== null) setRelation(type, at, to, !known.has(to));
}

export function remove() {
  const mention = theMention();
  if (mention !== null) decide({ do: 'delete', mention: ends(mention) });
}

/** The mentions of the same words. */
const alike = (mention) => state.article.mentions.filter((other) => wordsOf(other) === wordsOf(mention));

/** Makes decisions together: one undo takes all of them back. Gives whether they are saved. */
const decideAll = (decisions) => decide(decisions.length === 1 ? decisions[0] : { do: 'several', decisions });

export async function removeAlike() {
  const mention = theMention();
  if (mention === null) return;
  const mentions = alike(mention);
  const done = await decideAll(mentions.map((other) => ({ do: 'delete', mention: ends(other) })));
  if (done) say(`${counted(mentions.length, 'mention')} of “${short(wordsOf(mention))}” deleted.`);
}

/** Places of the same words that no mention lies over: whole words only. */
function unmarked(mention) {
  const { text, tokens, mentions } = state.article;
  const sought = wordsOf(mention);
  const [starts, stops] = [0, 1].map((side) => new Set(tokens.filter((_, at) => at % 2 === side)));
  const found = [];
  for (let at = text.indexOf(sought); at >= 0; at = text.indexOf(sought, at + sought.length)) {
    const place = { start: at, end: at + sought.length };
    const isFree = !mentions.some((other) => other.start < place.end && other.end > place.start);
    if (isFree && starts.has(place.start) && stops.has(place.end)) found.push(place);
  }
  return found;
}

/** Marks the words of the selected mention wherever else they stand, as mentions of the same person. */
export async function markAlike() {
  const mention = theMention();
  if (mention === null) return;
  const person = mention.person === null ? null : ends(mention);
  const places = unmarked(mention);
  if (places.length === 0) {
    say(`“${short(wordsOf(mention))}” is marked wherever it stands.`);
    return;
  }
  const done = await decideAll(places.map((span) => ({ do: 'add', span, label: mention.label, person })));
  if (done) say(`${counted(places.length, 'mention')} of “${short(wordsOf(mention))}” added.`);
}

/** After a mention was added: says where else its words stand. */
export function hintAtAlike() {
  const mention = selectedMention();
  const { length } = mention === null ? [] : unmarked(mention);
  if (length > 0) say(`The same words stand in ${counted(length, 'more place')}: y marks them too.`);
}

/** The label of the selected mention's person: all its mentions of the same label have it then. */
export async function relabel() {
  const mention = theMention();
  if (mention === null) return;
  const options = labels().map(({ label, key, meaning }) => ({
    value: label, text: label, key, isCurrent: label === mention.label,
    parts: [make('span', { class: 'figure', 'data-label': label }, label), make('span', { class: 'note' }, ` ${meaning}`)],
  }));
  const label = await choose({ title: `Label of “${short(wordsOf(mention))}”`, options, isSearched: false });
  if (label !== null && label !== mention.label) decide({ do: 'label', mention: ends(mention), label });
}

export async function changeKind() {
  const mention = theMention();
  if (mention === null) return;
  const options = KINDS.map(([kind, key, meaning]) => ({
    value: kind, text: kind, key, isCurrent: kind === mention.kind, parts: [kind === 'nominal' ? 'description' : kind, make('span', { class: 'note' }, ` ${meaning}`)],
  }));
  const kind = await choose({ title: `Kind of “${short(wordsOf(mention))}”`, options, isSearched: false });
  if (kind !== null && kind !== mention.kind) decide({ do: 'kind', mention: ends(mention), kind });
}

export async function join() {
  const mention = theMention();
  if (mention === null) return;
  const to = await choosePerson(`“${short(wordsOf(mention))}” is a mention of`, mention.label, mention.person);
  if (to !== null) decide({ do: 'join', mention: ends(mention), person: personEnds(to) });
}

export function split() {
  const mention = theMention();
  if (mention === null) return;
  const own = mention.person === null ? 1 : state.article.people[mention.person].mentions.length;
  if (own === 1) say('This is the only mention of its person: there is nothing to split off.');
  else decide({ do: 'split', mention: ends(mention) });
}

/** Asks for the reviewer's note on the article; without words, the note goes. */
export function note() {
  const dialog = byId('note-dialog');
  const before = state.article.notes[0]?.text ?? '';
  const field = make('textarea', { id: 'note-text', rows: '5', 'aria-labelledby': 'note-title' });
  field.value = before;
  const [keep, leave] = [make('button', { type: 'button', class: 'key good' }, 'Save ', make('kbd', {}, 'Ctrl+Enter')), make('button', { type: 'button', class: 'key' }, 'Leave ', make('kbd', {}, 'Esc'))];
  dialog.replaceChildren(make('h2', { id: 'note-title' }, 'Note on this article'), field, make('div', { class: 'buttons' }, keep, leave));
  const done = () => {
    dialog.close();
    const text = field.value.trim();
    if (text !== before) decide({ do: 'note', text });
  };
  keep.addEventListener('click', done);
  leave.addEventListener('click', () => dialog.close());
  field.addEventListener('keydown', (event) => {
    if (event.key !== 'Enter' || !(event.ctrlKey || event.metaKey)) return;
    event.preventDefault();
    done();
  });
  dialog.showModal();
  field.focus();
}
