// The people of the article as cards: roles with their scores and the words that prove them, relations, and what can be changed.

import { setRelation, setRole } from './changes.js';
import { isGivenBack, keepingFocus, reveal } from './focus.js';
import { inline, keyOfRole, nameOf, sorted } from './names.js';
import { held, on, select, selectedPerson, selectPerson, state } from './state.js';
import { flash } from './text.js';

/** The sign and the words for the state of a role. */
const STATES = {
  predicted: ['?', 'predicted'],
  accepted: ['✓', 'confirmed'],
  corrected: ['✎', 'given by a reviewer'],
  rejected: ['✕', 'taken away'],
};

/** Proofs shown of a person that is not selected, and of one that is. */
const FEW = 2;
const MANY = 12;

/** Characters shown on either side of a proof. */
const AROUND = 28;

/** Cards drawn, by what they show. */
let cards = new Map();

/** How many of those without a role are drawn at first, and how many more whenever more are asked for. */
const OTHERS = 100;
let limit = OTHERS;

/** The card that is drawn as the selected one, and whether the others were drawn. */
let drawn = { selected: null, isOpen: false };

function button(label, title, key, act) {
  const element = make('button', { type: 'button', class: 'small', 'aria-label': title, title, 'data-key': key }, label);
  element.addEventListener('click', act);
  return element;
}

/** Another person's name, which selects it. */
function personLink(at, key) {
  const element = make('button', { type: 'button', class: 'link', 'data-key': key }, make('span', { class: 'figure' }, at + 1), ' ', name(nameOf(at)));
  element.addEventListener('click', () => selectPerson(at, 'card'));
  return element;
}

/** The words of a place with some around them; a click selects the person whose proof they are, and jumps there. */
function quote(place, at, key) {
  const { text } = state.article;
  // Of the same paragraph, and whole words.
  const before = inline(text.slice(Math.max(0, place.start - AROUND), place.start).split(/[\n\r]/).at(-1)).replace(/^\S*\s/, '');
  const after = inline(text.slice(place.end, place.end + AROUND).split(/[\n\r]/)[0]).replace(/\s\S*$/, '');
  const element = make('button', { type: 'button', class: 'quote', 'data-key': key, title: 'Show in the text', dir: 'auto' },
    '…\u00a0', before, make('b', {}, inline(text.slice(place.start, place.end))), after, '\u00a0…');
  element.addEventListener('click', () => {
    if (at !== selectedPerson()) selectPerson(at);
    flash(place);
  });
  return element;
}

/** Proofs by their place, since several rules may rest on the same words. */
function proofs(role, at, isSelected) {
  const places = new Map();
  role.evidence.forEach((proof) => {
    const key = `${proof.start} ${proof.end}`;
    places.set(key, { ...proof, rules: [...new Set([...(places.get(key)?.rules ?? []), proof.rule])] });
  });
  const all = [...places.values()];
  const shown = all.slice(0, isSelected ? MANY : FEW);
  const items = shown.map((place) => make('li', {}, quote(place, at, `proof ${at} ${role.role} ${place.start}`), make('span', { class: 'rules' }, place.rules.join(', '))));
  const rest = all.length - shown.length;
  return make('ul', { class: 'proofs' }, ...items, rest === 0 ? null : make('li', { class: 'note' }, `and ${counted(rest, 'place')} more`));
}

function roleRow(role, at, isSelected) {
  const [sign, said] = STATES[role.status];
  const bar = make('span', { class: 'bar', 'aria-hidden': 'true' });
  bar.style.setProperty('--share', percent(role.score));
  const who = nameOf(at);
  const settle = (holds) => () => setRole(at, role.role, holds);
  const struck = role.status === 'rejected';
  const key = keyOfRole(role.role);
  return make('li', { class: `role ${role.status}`, 'data-role': role.role, 'data-status': role.status },
    make('div', { class: 'line' },
      make('span', { class: 'sign', title: said, 'aria-hidden': 'true' }, sign),
      make(struck ? 's' : 'span', { class: 'role-name' }, words(role.role)), unseen(`, ${said}, score `), bar,
      make('span', { class: 'score' }, role.score.toFixed(2)),
      role.status === 'accepted' || role.status === 'corrected' ? null
        : button('✓', `${struck ? 'Give back' : 'Confirm'} ${words(role.role)} of ${who}${struck && key ? ` (${key})` : ''}`, `confirm ${at} ${role.role}`, settle(true)),
      struck ? null : button('✕', `Take ${words(role.role)} from ${who}${key ? ` (${key})` : ''}`, `take ${at} ${role.role}`, settle(false))),
    struck ? null : proofs(role, at, isSelected));
}

/** A relation seen from its other end. */
const RELATED = { represents: 'represented by' };

function relationRows(at) {
  return state.article.relations.flatMap((relation, place) => {
    if (relation.from !== at && relation.to !== at) return [];
    const other = relation.from === at ? relation.to : relation.from;
    const said = relation.from === at ? words(relation.type) : RELATED[relation.type] ?? `${words(relation.type)}, from`;
    const away = () => setRelation(relation.type, relation.from, relation.to, false);
    const proof = Number.isInteger(relation.start) ? quote(relation, at, `relation-proof ${place}`) : null;
    return make('li', { class: 'relation', 'data-type': relation.type },
      make('div', { class: 'line' }, make('span', {}, `${said} `),
        personLink(other, `relation ${place} ${at}`),
        button('✕', `Remove: ${nameOf(relation.from)} ${words(relation.type)} ${nameOf(relation.to)}`, `unrelate ${place} ${at}`, away)),
      relation.from === at ? proof : null);
  });
}

/** All roles as switches with their keys. */
function legend(at) {
  const holds = new Set(held(state.article.people[at]).map((role) => role.role));
  const switches = state.session.roles.map((role) => {
    const key = keyOfRole(role);
    const element = make('button', { type: 'button', class: 'switch', 'aria-pressed': holds.has(role), 'data-key': `switch ${at} ${role}`, 'data-role': role, 'aria-keyshortcuts': key ?? undefined },
      key === null ? null : make('kbd', {}, key), words(role));
    element.addEventListener('click', () => setRole(at, role, !holds.has(role)));
    return element;
  });
  return make('div', { class: 'legend', role: 'group', 'aria-label': `Roles of ${nameOf(at)}` }, ...switches);
}

function linkReasons(person) {
  const reasons = new Map();
  person.links.forEach(({ why }) => reasons.set(why, (reasons.get(why) ?? 0) + 1));
  if (reasons.size === 0) return null;
  return make('p', { class: 'note' }, `joined by ${[...reasons].map(([why, times]) => `${words(why)}${times > 1 ? ` ×${times}` : ''}`).join(', ')}`);
}

const action = (command, at, label) => make('button', { type: 'button', class: 'key', 'data-command': command, 'data-key': `${command} ${at}` }, label);

function details(at) {
  const person = state.article.people[at];
  const isPredicted = person.roles.some((role) => role.status === 'predicted');
  return [
    linkReasons(person),
    legend(at),
    make('div', { class: 'card-actions' },
      isPredicted ? action('confirm', at, 'Confirm roles') : null,
      action('represents', at, 'Represents'), action('merge', at, 'Merge')),
  ];
}

function card(at, isSelected) {
  const person = state.article.people[at];
  const times = person.mentions.length;
  const relations = relationRows(at);
  const element = make('li', {
    class: `card${isSelected ? ' selected' : ''}`, 'data-person': at + 1, 'data-label': person.label, tabindex: '-1',
    'data-key': `card ${at}`, 'aria-labelledby': `card-${at}`, ...(isSelected ? { 'aria-current': 'true' } : {}),
  });
  const title = make('h3', { id: `card-${at}`, class: 'who' },
    make('span', { class: 'figure', 'data-label': person.label }, `${person.label} ${at + 1}`), ' ', name(nameOf(at)),
    person.anonymised ? make('span', { class: 'anonymised' }, 'anonymised') : null);
  element.append(make('div', { class: 'line' }, title, make('span', { class: 'times' }, counted(times, 'mention'))));
  if (person.roles.length > 0) element.append(make('ul', { class: 'roles' }, ...person.roles.map((role) => roleRow(role, at, isSelected))));
  if (relations.length > 0) element.append(make('ul', { class: 'relations' }, ...relations));
  if (isSelected) element.append(...details(at).filter((part) => part !== null));
  return element;
}

/** What a card shows, in words: it is drawn anew if they differ. */
function signature(at, isSelected) {
  const { people, relations } = state.article;
  const person = people[at];
  const own = relations.filter((relation) => relation.from === at || relation.to === at).map((relation) => [relation, nameOf(relation.from), nameOf(relation.to)]);
  return JSON.stringify([at, isSelected, person.label, person.name, person.anonymised, person.mentions.length, person.roles, own, isSelected ? person.links : 0]);
}

function fillList(list, places, kept) {
  const elements = places.map((at) => {
    const isSelected = at === selectedPerson();
    const key = signature(at, isSelected);
    const element = cards.get(key) ?? card(at, isSelected);
    kept.set(key, element);
    return element;
  });
  const old = [...list.children];
  if (old.length !== elements.length || old.some((element, at) => element !== elements[at])) list.replaceChildren(...elements);
}

const cardOf = (at) => byId('people').querySelector(`.card[data-person="${at + 1}"]`);

/** Tab comes to the selected card, or to the first. */
function enterAt(at) {
  byId('people').querySelectorAll('.card[tabindex="0"]').forEach((element) => element.setAttribute('tabindex', '-1'));
  (at === null ? byId('people').querySelector('.card') : cardOf(at))?.setAttribute('tabindex', '0');
}

/** The article has changed, or the list of the others is opened or closed: looks through all cards. */
function update() {
  const { holders, others } = sorted();
  const selected = selectedPerson();
  const box = byId('others-box');
  const kept = new Map();
  if (selected !== null && others.includes(selected)) {
    box.open = true;
    limit = Math.max(limit, others.indexOf(selected) + OTHERS / 2);
  }
  byId('others-title').textContent = `${count(others.length)} without a role`;
  box.hidden = others.length === 0;
  fillList(byId('cards'), holders, kept);
  // A long list is drawn when it is asked for.
  fillList(byId('others'), box.open ? others.slice(0, limit) : [], kept);
  byId('more-others').hidden = others.length <= limit;
  byId('more-others').textContent = `${count(others.length - limit)} more`;
  cards = kept;
  drawn = { selected, isOpen: box.open };
  enterAt(selected);
}

/** Only the selection has changed: draws the two cards that it concerns. */
function updateSelected() {
  const selected = selectedPerson();
  const isHidden = selected !== null && cardOf(selected) === null;
  if (isHidden || drawn.isOpen !== byId('others-box').open) return update();
  [drawn.selected, selected].forEach((at) => {
    if (at === null || cardOf(at) === null) return;
    const element = card(at, at === selected);
    cards.delete(signature(at, at !== selected));
    cards.set(signature(at, at === selected), element);
    cardOf(at).replaceWith(element);
  });
  drawn.selected = selected;
  enterAt(selected);
}

export const selectedCard = () => byId('people').querySelector('.card.selected');

export function startPeople() {
  const panel = byId('people');
  const drawing = (how) => keepingFocus(panel, how, () => selectedCard() ?? panel.querySelector('.card'));
  on('article', ({ fresh }) => {
    // Sentences of the text stand in the cards.
    if (fresh) {
      cards = new Map();
      byId('others-box').open = false;
      limit = OTHERS;
    }
    drawing(update);
    if (fresh) panel.scrollTop = 0;
  });
  on('selection', ({ focus }) => {
    drawing(updateSelected);
    if (focus === 'card') selectedCard()?.focus({ preventScroll: true });
    reveal(selectedCard());
  });
  byId('others-box').addEventListener('toggle', () => drawing(update));
  // Tab comes to a card: its person is selected then.
  panel.addEventListener('focusin', ({ target }) => {
    const at = Number(target.dataset.person) - 1;
    if (!isGivenBack() && target.matches('.card') && at !== selectedPerson()) selectPerson(at);
  });
  byId('more-others').addEventListener('click', () => {
    limit += OTHERS;
    drawing(update);
  });
  panel.addEventListener('click', (event) => {
    const element = event.target.closest('.card');
    if (element === null || event.target.closest('button') !== null || !getSelection().isCollapsed) return;
    const at = Number(element.dataset.person) - 1;
    if (at === selectedPerson()) selectMention(at);
    else selectPerson(at, 'card');
  });
}

/** The next mention of the person, in the text. */
function selectMention(at) {
  const own = state.article.people[at].mentions;
  select(own[(own.indexOf(state.mention) + 1) % own.length], 'text');
}
