// The review page begins here. It draws with the functions of elements.js, a script that is loaded before and shared with the
// other pages; whatever an article says goes through them as text.

import * as api from './api.js';
import { isUnsaved, serverGone, settled } from './decisions.js';
import { startFrame } from './frame.js';
import { startKeys } from './keys.js';
import { complain, saved } from './messages.js';
import * as navigate from './navigate.js';
import { startPeople } from './people.js';
import { isShort, load, showChoices, showFilters, startQueue } from './queue.js';
import { startSpans } from './spans.js';
import { on, state, tell } from './state.js';
import { startText } from './text.js';

/** How often the session is asked for while the file is being read. */
const EVERY = 1_000;

/** The article that the address asks for, until one is shown. */
let wanted = null;

/** Shows the first article: the one that the address asks for as soon as it is read, or else the first of the queue. */
async function enter() {
  const { articles, reading } = state.session;
  if (state.article !== null) return;
  if (wanted !== null && wanted < articles && await navigate.open(wanted, { isNew: false })) return;
  const isToCome = reading && (articles === 0 || (wanted !== null && wanted >= articles));
  if (!isToCome && articles > 0) await navigate.stepBy(1);
  else byId('article-title').textContent = reading ? 'The file is being read …' : 'There are no articles in this file';
}

/** Asks how the session stands, and again while the file is being read. Gives whether the server answered. */
async function look() {
  const before = state.session;
  try {
    state.session = await api.session();
  } catch (error) {
    if (error instanceof api.Unreachable) serverGone();
    else if (error instanceof api.Refused) complain(error.message);
    else throw error;
    return false;
  }
  showChoices();
  tell('session');
  if (state.session.reading) setTimeout(look, EVERY);
  const isMore = before !== null && before.articles !== state.session.articles;
  if (isMore && (isShort() || !state.session.reading)) await load();
  if (before !== null) await enter();
  return true;
}

async function start() {
  wanted = navigate.recall();
  if (!(await look())) return;
  showFilters();
  await load();
  await enter();
}

themes();
saved('idle');
// The text comes last: it scrolls to what is selected when everything else has its size.
startPeople();
startFrame();
startText();
startQueue();
startSpans();
startKeys();
on('decided', look);
on('back', async () => {
  if (state.article === null) await start();
  else await navigate.refresh();
});
window.addEventListener('popstate', async () => {
  await settled();
  const number = navigate.recall();
  showFilters();
  load();
  if (number !== null && number !== state.article?.number) navigate.open(number, { isNew: false });
});
window.addEventListener('focus', () => { navigate.refresh(); });
window.addEventListener('beforeunload', (event) => { if (isUnsaved()) event.preventDefault(); });
start();
