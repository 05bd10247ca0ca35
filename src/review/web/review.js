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
  if (isMore && (isShort() || !state.session.reading)) {
    await load();
    if (state.article === null) await navigate.stepBy(1);
  }
  return true;
}

async function start() {
  const number = navigate.recall();
  if (!(await look())) return;
  showFilters();
  await load();
  if (number !== null && await navigate.open(number, { isNew: false })) return;
  if (state.session.articles > 0) await navigate.stepBy(1);
  else if (!state.session.reading) byId('article-title').textContent = 'There are no articles in this file';
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
