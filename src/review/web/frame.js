// What stands around the text: the state of the session, of the article, the boxes above the text, the tools of the selected mention.

import { inline, nameOf, short } from './names.js';
import * as navigate from './navigate.js';
import { on, selectedMention, selectedPerson, selectPerson, state, wordsOf } from './state.js';
import { SIGNS } from './queue.js';
import { keepingFocus, reveal } from './focus.js';

const button = (command, label, key = command) => make('button', { type: 'button', class: 'key', 'data-command': command, 'data-key': `tool ${key}` }, label);

/** How far the file has been decided. */
export function showSession() {
  const { file, answers, reviewer, articles, tally, reading, refused, unread, lost } = state.session;
  const last = file.split(/[\\/]/).at(-1);
  byId('about').replaceChildren(name(last), ' · reviewer ', name(reviewer));
  byId('about').title = `${file}; answers go to ${answers}`;
  document.title = `${last} – review`;
  const decided = tally.accepted + tally.rejected;
  byId('progress').max = Math.max(1, articles);
  byId('progress').value = decided;
  byId('progress-text').textContent = `${count(decided)} of ${count(articles)} decided`;
  const more = [
    reading ? 'the file is still being read' : '',
    tally.skipped > 0 ? `${count(tally.skipped)} skipped` : '',
    tally.stale > 0 ? `${count(tally.stale)} stale` : '',
    refused > 0 ? `${counted(refused, 'line')} of the file refused` : '',
    unread > 0 ? `${counted(unread, 'line')} of the answers not understood` : '',
    lost > 0 ? `answers on ${counted(lost, 'article')} that the file lacks` : '',
  ].filter((part) => part !== '');
  byId('progress-more').textContent = more.join(' · ');
}

function showHead() {
  const { article } = state;
  byId('article-title').replaceChildren(name(short(article.id)));
  byId('article-status').className = `status ${article.status}`;
  byId('article-status').replaceChildren(make('span', { 'aria-hidden': 'true' }, `${SIGNS[article.status] ?? ''} `), article.status);
  byId('article-why').replaceChildren(...article.why.map((code) => make('span', { class: 'why' }, words(code))));
  const { place } = navigate;
  byId('place').textContent = place === null ? `article ${count(article.number + 1)} of the file` : `${count(place.position)} of ${count(place.total)} in the queue`;
  document.querySelectorAll('[data-command]').forEach((element) => {
    const { command } = element.dataset;
    if (command === 'undo' || command === 'redo') element.title = article[command] === null ? '' : `${sentence(command)}: ${article[command]}`;
    const of = { accept: 'accepted', reject: 'rejected', skip: 'skipped' }[command];
    if (of !== undefined) element.setAttribute('aria-pressed', article.status === of);
    if (command === 'reopen') element.hidden = article.status === 'undecided';
  });
}

/** A box of things to be looked at. */
function box(kind, title, entries) {
  if (entries.length === 0) return null;
  return make('section', { class: `box ${kind}`, 'aria-label': title }, make('h3', {}, title), make('ul', {}, ...entries.map((entry) => make('li', {}, ...[entry].flat()))));
}

function warningEntry({ code, message, people }, at) {
  const links = people.map((person) => {
    const link = make('button', { type: 'button', class: 'link', 'data-key': `warning ${at} ${person}` }, make('span', { class: 'figure' }, person + 1), ' ', name(nameOf(person)));
    link.addEventListener('click', () => selectPerson(person, 'text'));
    return [' ', link];
  });
  return [make('b', {}, words(code)), ': ', name(message), ...links.flat()];
}

function showBoxes() {
  const { unfit, warnings, notes } = state.article;
  const boxes = [
    box('unfit', 'Decisions that no longer fit', unfit.map((text) => name(text))),
    box('warning-box', 'Warnings', warnings.map(warningEntry)),
    box('notes', 'Note', notes.map((note) => name(note.text))),
  ].filter((part) => part !== null);
  keepingFocus(byId('boxes'), () => byId('boxes').replaceChildren(...boxes), () => byId('article-title'));
}

const KINDS = { name: 'name', pseudonym: 'pseudonym', nominal: 'description' };

function mentionTools(mention) {
  const person = selectedPerson();
  const own = person === null ? [] : state.article.people[person].mentions;
  const who = person === null ? 'of nobody' : [`${person + 1} `, name(nameOf(person)), own.length > 1 ? `, mention ${own.indexOf(state.mention) + 1} of ${own.length}` : null];
  return [
    make('p', { class: 'chosen' }, make('b', {}, name(short(wordsOf(mention)))), ' ', make('span', { class: 'note' }, ...[who].flat(),
      ` · ${mention.label} · ${KINDS[mention.kind] ?? mention.kind} · ${mention.score.toFixed(2)} by ${inline(mention.source)}`)),
    make('div', { class: 'buttons' }, button('label', 'Label'), button('kind', 'Kind'), button('ends', 'Ends'), button('join', 'Join to'),
      own.length > 1 ? button('split', 'Split off') : null, button('delete', 'Delete'), button('same', 'Mark alike'), button('insert', 'Add')),
  ];
}

function showTools() {
  const mention = selectedMention();
  const { choice } = state;
  const parts = choice !== null
    ? [make('p', { class: 'chosen' }, choice.mention === null ? 'New mention: ' : 'Ends: ', make('b', { id: 'chosen-words' }, name(short(wordsOf(choice)))), ' ',
      make('span', { class: 'note' }, 'arrows move, with Shift the end, with Ctrl+Shift the beginning')),
    make('div', { class: 'buttons' }, button('take', 'Take'), button('leave', 'Leave'))]
    : mention !== null ? mentionTools(mention)
      : [make('p', { class: 'chosen note' }, 'Nothing is selected: ← → go over mentions, ↑ ↓ over people; drag over words to add a mention.'), button('insert', 'Add')];
  keepingFocus(byId('tools'), () => byId('tools').replaceChildren(...parts), () => byId('text'));
}

/** The part of the page that a narrow screen shows. */
export function view(part) {
  document.body.dataset.view = part;
  document.querySelectorAll('#views button').forEach((element) => element.setAttribute('aria-pressed', element.dataset.show === part));
  if (part === 'people') reveal(document.querySelector('.card.selected'));
}

export function startFrame() {
  on('session', showSession);
  on('article', ({ fresh }) => {
    showHead();
    showBoxes();
    showTools();
    if (fresh) view('article');
  });
  on('selection', ({ focus }) => {
    showTools();
    if (focus === 'text') view('article');
  });
  on('choice', showTools);
  on('look', () => view('article'));
  byId('views').addEventListener('click', (event) => {
    const part = event.target.closest('[data-show]')?.dataset.show;
    if (part !== undefined) view(part);
  });
  // As a link it would take the place of the article in the address.
  document.querySelector('.skip').addEventListener('click', (event) => {
    event.preventDefault();
    view('article');
    byId('text').focus();
  });
}
