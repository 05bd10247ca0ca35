// The queue: which articles there are, in which order, narrowed by filters.

import * as api from './api.js';
import { serverGone, settled } from './decisions.js';
import { keepingFocus, reveal } from './focus.js';
import { complain } from './messages.js';
import * as navigate from './navigate.js';
import { on, state } from './state.js';

/** Articles asked for at once. */
const COUNT = 50;

/** The sign of each status; the word stands beside it. */
export const SIGNS = { undecided: '○', accepted: '✓', rejected: '✕', skipped: '↷', stale: '!' };

let items = [];
let total = 0;
let asked = 0;
let typing = 0;

const fields = () => Object.keys(navigate.UNFILTERED).map((key) => [key, byId('filters').elements[key]]);

function row(item) {
  const isShown = state.article?.number === item.number;
  const why = item.why.map((code) => make('span', { class: 'why' }, words(code)));
  return make('li', {}, make('button', {
    type: 'button', class: `item ${item.status}`, 'data-number': item.number, 'data-key': `item ${item.number}`, tabindex: '-1', ...(isShown ? { 'aria-current': 'true' } : {}),
  },
  make('span', { class: 'sign', 'aria-hidden': 'true', title: item.status }, SIGNS[item.status] ?? ''), make('span', { class: 'id' }, name(item.id)), unseen(`, ${item.status}`),
  make('span', { class: 'names' }, ...item.names.flatMap((who, at) => [at > 0 ? ', ' : null, name(who)])),
  why.length === 0 ? null : make('span', { class: 'whys' }, ...why)));
}

function update() {
  const list = byId('list');
  keepingFocus(list, () => list.replaceChildren(...(items.length === 0 ? [make('li', { class: 'empty' }, state.session.reading ? 'The file is being read.' : 'No article is like that.')] : items.map(row))), () => list.querySelector('button'));
  entry();
  const { articles } = state.session;
  byId('queue-count').textContent = total === articles ? counted(total, 'article') : `${count(total)} of ${counted(articles, 'article')}`;
  byId('more').hidden = items.length >= total;
  byId('more').textContent = `${count(total - items.length)} more`;
}

/** One of the items is reached by Tab: the article that is shown, or the first. */
function entry() {
  const buttons = [...byId('list').querySelectorAll('button')];
  buttons.forEach((button) => button.setAttribute('tabindex', '-1'));
  (buttons.find((button) => button.hasAttribute('aria-current')) ?? buttons[0])?.setAttribute('tabindex', '0');
}

/** Whether there is room in the list for articles that are still being read. */
export const isShort = () => items.length < COUNT;

/** Asks for the list anew, or for more of it. */
export async function load(from = 0) {
  const mine = ++asked;
  try {
    const answer = await api.queue(navigate.filters, from, COUNT);
    if (mine !== asked) return;
    items = from === 0 ? answer.items : [...items, ...answer.items];
    ({ total } = answer);
    update();
    if (from === 0) byId('items').scrollTop = 0;
  } catch (error) {
    if (error instanceof api.Unreachable) serverGone();
    else if (error instanceof api.Refused) complain(error.message);
    else throw error;
  }
}

/** An article that was decided on stays in the list with its new status, so that the list does not jump. */
function decided(article) {
  const item = items.find((candidate) => candidate.number === article.number);
  if (item === undefined) return;
  item.status = article.status;
  item.why = article.why;
  byId('list').querySelector(`[data-number="${item.number}"]`)?.closest('li').replaceWith(row(item));
  entry();
}

function showCurrent() {
  byId('list').querySelectorAll('[aria-current]').forEach((element) => element.removeAttribute('aria-current'));
  const current = byId('list').querySelector(`[data-number="${state.article.number}"]`);
  current?.setAttribute('aria-current', 'true');
  entry();
  if (current !== null) reveal(current);
}

function changed() {
  navigate.filter(Object.fromEntries(fields().map(([key, field]) => [key, field.value.trim()])));
  load();
}

/** Shows the filters of the address in their fields. */
export function showFilters() {
  fields().forEach(([key, field]) => { field.value = navigate.filters[key]; });
  const isNarrowed = ['role', 'rule', 'why', 'below'].some((key) => navigate.filters[key] !== '');
  if (isNarrowed) byId('more-filters').open = true;
}

/** What occurs in the file can be chosen; a filter in force stays, even where nothing is like that yet. */
export function showChoices() {
  const { roles, rules, reasons } = state.session;
  for (const [id, values] of [['role', roles], ['rule', rules], ['why', reasons]]) {
    const field = byId(id);
    const own = navigate.filters[id];
    const all = own === '' || values.includes(own) ? values : [...values, own];
    if (field.options.length === all.length + 1) continue;
    const options = all.map((value) => make('option', { value }, id === 'rule' ? value : words(value)));
    field.replaceChildren(make('option', { value: '' }, 'any'), ...options);
    field.value = own;
  }
}

export function clear() {
  fields().forEach(([key, field]) => { if (key !== 'order') field.value = navigate.UNFILTERED[key]; });
  changed();
}

export function otherOrder() {
  byId('order').value = navigate.filters.order === 'doubt' ? 'file' : 'doubt';
  changed();
}

/** The arrows go from item to item while the focus is in the list. Gives whether it was there. */
export function arrow(by) {
  const buttons = [...byId('list').querySelectorAll('button')];
  const at = buttons.indexOf(document.activeElement);
  if (at < 0) return false;
  buttons[at + by]?.focus();
  return true;
}

export function startQueue() {
  const form = byId('filters');
  form.addEventListener('submit', (event) => event.preventDefault());
  form.addEventListener('input', (event) => {
    if (event.target.id === 'goto') return;
    clearTimeout(typing);
    typing = setTimeout(changed, event.target.tagName === 'INPUT' ? 200 : 0);
  });
  byId('goto').addEventListener('keydown', async (event) => {
    if (event.key !== 'Enter') return;
    event.preventDefault();
    if (!(await navigate.openById(event.target.value.trim()))) return;
    byId('goto').value = '';
    byId('article-title').focus();
  });
  byId('search').addEventListener('keydown', (event) => {
    if (event.key === 'Enter' || event.key === 'ArrowDown') byId('list').querySelector('button')?.focus();
    else return;
    event.preventDefault();
  });
  byId('list').addEventListener('click', async (event) => {
    const number = event.target.closest('[data-number]')?.dataset.number;
    if (number === undefined) return;
    const at = items.findIndex((item) => item.number === Number(number));
    await settled();
    if (await navigate.open(Number(number), { at: { position: at + 1, total } })) byId('article-title').focus();
  });
  byId('more').addEventListener('click', () => load(items.length));
  on('article', ({ fresh }) => { if (fresh) showCurrent(); });
  on('decided', ({ article }) => {
    navigate.outdated(article.number);
    decided(article);
  });
  on('back', () => load());
}
