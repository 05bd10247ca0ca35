// Sends decisions, one after the other, and shows what the server made of them. Nothing is shown as done before it is saved.

import * as api from './api.js';
import { banner, complain, noBanner, say, saved, tellAloud, timeOf } from './messages.js';
import { show, state, tell } from './state.js';
import * as trail from './trail.js';

/** How often a server that is gone is asked for. */
const EVERY = 1_500;

let chain = Promise.resolve();
/** What was asked for before a failure is not done after it. */
let generation = 0;
/** The decision that did not reach the server: its words, article, version and what follows it. */
let pending = null;
let lastSaved = null;
let asking = 0;

/** Decisions that are under way. */
let underWay = 0;
export const isBusy = () => underWay > 0;

export const isUnsaved = () => pending !== null || byId('saved').dataset.state === 'saving';

function landed(article, { decision, wanted, then }) {
  lastSaved = new Date();
  pending = null;
  saved('saved', lastSaved);
  if (decision.do === 'undo') trail.undone();
  else if (decision.do === 'redo') trail.redone();
  else trail.decided(article.number);
  const isShown = state.article?.number === article.number;
  if (isShown) show(article, wanted);
  tellAloud(decision.do === 'undo' || decision.do === 'redo' || article.undo === null ? 'Saved.' : `Saved: ${article.undo}`);
  tell('decided', { article });
  return then?.(article);
}

function failed(error, order) {
  generation += 1;
  if (error instanceof api.Unreachable) {
    pending = order;
    saved('unsaved');
    serverGone();
    return;
  }
  // Nothing is under way any more, and what was decided before is on disk.
  if (lastSaved === null) saved('idle');
  else saved('saved', lastSaved);
  if (!(error instanceof api.Refused)) throw error;
  if (error.status === 409 && error.body?.article) {
    const { article } = error.body;
    if (state.article?.number === article.number) show(article);
    tell('decided', { article });
    complain(`Not done: ${error.message} This is the article as it is now.`);
  } else {
    complain(`Not done: ${error.message}`);
  }
}

async function send(order) {
  saved('saving');
  let article;
  try {
    article = await api.decide(order.number, order.version, order.decision);
  } catch (error) {
    failed(error, order);
    return false;
  }
  await landed(article, order);
  return true;
}

/**
 * Decides on the article shown. `wanted`: the ends of the mention to be selected afterwards; `then` is called once it is
 * saved. Gives whether it was.
 */
export function decide(decision, { wanted = null, then = null } = {}) {
  const { number } = state.article;
  const mine = generation;
  const turn = chain.then(() => {
    if (mine !== generation || state.article.number !== number) return false;
    if (pending !== null) {
      complain('Not done: the decision before it is not saved yet.');
      return false;
    }
    return send({ number, version: state.article.version, decision, wanted, then });
  });
  underWay += 1;
  chain = turn.catch(() => {}).then(() => { underWay -= 1; });
  return turn;
}

/** After all decisions that are under way. */
export const settled = () => chain;

async function again() {
  const order = pending;
  pending = null;
  if (await send(order)) noBanner();
}

function forget() {
  pending = null;
  if (lastSaved === null) saved('idle');
  else saved('saved', lastSaved);
  noBanner();
}

/** The server answers again: is what could not be sent still to be sent? */
async function serverBack() {
  if (pending === null) {
    noBanner();
    say('The server is answering again.');
    tell('back');
    return;
  }
  const article = await api.article(pending.number);
  if (article.version !== pending.version) {
    // Saved just before the server fell silent, or decided in another tab: the reviewer sees which.
    forget();
    if (state.article.number === article.number) show(article);
    tell('decided', { article });
    complain('The server is answering again. The article has changed meanwhile: check whether the last decision is in it.');
    return;
  }
  banner('The server is answering again. The last decision is not saved.', [['Save it now', again], ['Forget it', forget]]);
}

async function listen() {
  try {
    await api.session();
    clearInterval(asking);
    asking = 0;
    await serverBack();
  } catch (error) {
    if (error instanceof api.Stranger || error instanceof api.Refused) {
      banner('Another server is answering at this address. Open the address that rolecall review printed when it was started; what was saved is there.');
    } else if (asking === 0) serverGone();
  }
}

/** Says so, and asks until it is back. */
export function serverGone() {
  const since = lastSaved === null ? 'Nothing decided now is saved.' : `Nothing since ${timeOf(lastSaved)} is saved.`;
  banner(`The server is not answering. ${since}`, [['Try again', pending === null ? listen : again]]);
  if (asking === 0) asking = setInterval(listen, EVERY);
}
