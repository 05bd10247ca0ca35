// Which article is shown, and the way from one to the next. The address keeps the place: after # stand the article and the filters.

import * as api from './api.js';
import { serverGone, settled } from './decisions.js';
import { complain, say } from './messages.js';
import { show, state, tell } from './state.js';

/** The filters of the queue as the server takes them, and what they are when nothing is chosen. */
export const UNFILTERED = { order: 'doubt', status: 'any', role: '', rule: '', why: '', below: '', text: '' };
export let filters = { ...UNFILTERED };

/** Where the article stands in the queue, if that is known. */
export let place = null;

/** Articles fetched before they are asked for, by number. */
const ahead = new Map();
const AHEAD = 3;
let asked = 0;

function address(number) {
  const parts = new URLSearchParams(Object.entries(filters).filter(([key, value]) => value !== UNFILTERED[key]));
  if (number !== null && number !== undefined) parts.set('article', number);
  return `#${parts}`;
}

/** What the address says: the article's number, or null; the filters are taken over. */
export function recall() {
  const parts = new URLSearchParams(location.hash.slice(1));
  filters = Object.fromEntries(Object.entries(UNFILTERED).map(([key, other]) => [key, parts.get(key) ?? other]));
  const number = parts.get('article');
  return number !== null && /^\d+$/.test(number) ? Number(number) : null;
}

/** Takes other filters; the article that is shown stays. */
export function filter(by) {
  filters = by;
  ahead.clear();
  history.replaceState(null, '', address(state.article?.number));
}

/** Does what asks the server; what goes wrong is said. Gives null then. */
async function asking(act) {
  try {
    return await act();
  } catch (error) {
    if (error instanceof api.Unreachable) serverGone();
    else if (error instanceof api.Refused) complain(error.message);
    else throw error;
    return null;
  }
}

const same = (one, other) => one.version === other.version && one.status === other.status && one.text === other.text;

/** Shows an article. `at`: where it stands in the queue. `isNew`: the way back leads to the one before. Gives whether it is shown. */
export async function open(number, { at = null, isNew = true } = {}) {
  const mine = ++asked;
  const early = ahead.get(number);
  const put = (article) => {
    place = at;
    if (isNew && state.article !== null && state.article.number !== number) history.pushState(null, '', address(number));
    else history.replaceState(null, '', address(number));
    show(article);
  };
  if (early !== undefined) {
    ahead.delete(number);
    put(early);
    fetchAhead();
    // Another tab may have changed it since.
    asking(async () => {
      const now = await api.article(number);
      if (mine === asked && state.article.number === number && state.article === early && !same(early, now)) show(now);
    });
    return true;
  }
  const article = await asking(() => api.article(number));
  if (article === null || mine !== asked) return false;
  put(article);
  fetchAhead();
  return true;
}

/** Asks for the article anew, which another tab may have changed. */
export async function refresh() {
  await settled();
  const before = state.article;
  if (before === null) return;
  const now = await asking(() => api.article(before.number));
  if (now !== null && state.article === before && !same(before, now)) {
    show(now);
    say('The article was changed in another window.');
  }
}

/** Fetches what is likely to be asked for next, so that it is there at once. */
function fetchAhead() {
  const from = state.article.number;
  setTimeout(async () => {
    try {
      const { number } = await api.step(filters, from, 1);
      if (number === null || ahead.has(number) || state.article.number !== from) return;
      const article = await api.article(number);
      ahead.set(number, article);
      if (ahead.size > AHEAD) ahead.delete(ahead.keys().next().value);
    } catch { /* It is asked for again when it is wanted, and said then. */ }
  }, 150);
}

/** What was fetched of an article that has changed since is of no use. */
export const outdated = (number) => ahead.delete(number);

/** The next article of the queue in either direction. */
export async function stepBy(by) {
  await settled();
  const to = await asking(() => api.step(filters, state.article?.number, by));
  if (to === null) return;
  if (to.number === null) say(by > 0 ? 'This is the last article of the queue.' : 'This is the first article of the queue.');
  else await open(to.number, { at: { position: to.position, total: to.total } });
}

/** The next article that nobody has decided on, over the end of the queue back to its beginning. */
export async function nextUndecided() {
  const wanted = filters.status === 'any' ? ['undecided', 'stale'] : [filters.status];
  for (const status of wanted) {
    const by = { ...filters, status };
    const further = await asking(() => api.step(by, state.article.number, 1));
    if (further === null) return;
    const to = further.number === null ? await asking(() => api.step(by, null, 1)) : further;
    if (to === null) return;
    if (to.number !== null && to.number !== state.article.number) {
      await open(to.number);
      return;
    }
  }
  say('All articles of this queue are decided.', 'good');
  tell('article', { fresh: false });
}

/** Opens the article with this id; gives whether there is one. */
export async function openById(id) {
  await settled();
  const found = await asking(() => api.find(id));
  if (found === null) return false;
  if (found.number === null) complain(`No article has the id ${id}.`);
  else await open(found.number);
  return found.number !== null;
}
