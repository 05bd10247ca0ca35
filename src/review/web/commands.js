// Every command, once: its keys, its words and what it does. The keyboard, the buttons and the help go by this table.

import * as changes from './changes.js';
import { decide, isBusy, settled } from './decisions.js';
import { help } from './help.js';
import { hush, say } from './messages.js';
import { neighbour, roleOfKey } from './names.js';
import * as navigate from './navigate.js';
import { arrow, clear, otherOrder } from './queue.js';
import * as spans from './spans.js';
import { selectedCard } from './people.js';
import { selectedMention, selectedPerson, selectPerson, state, stepMention } from './state.js';
import { elementOf } from './text.js';
import * as trail from './trail.js';

/** Decides on the article as a whole, and goes on. */
function finish(what) {
  return decide({ do: what }, { then: navigate.nextUndecided });
}

/** Takes back, or repeats, the last decision of this tab, in the article where it was made. */
async function again(way, last, forget) {
  await settled();
  for (let number = last(); number !== null; number = last()) {
    if (number !== state.article.number && !(await navigate.open(number))) return;
    if (state.article[way] !== null) break;
    forget(true);
  }
  const what = state.article[way];
  if (what === null) say(`There is nothing to ${way}.`);
  else if (await decide({ do: way })) say(`${way === 'undo' ? 'Undone' : 'Done again'}: ${what}`);
}

const undo = () => again('undo', trail.lastDone, trail.undone);
const redo = () => again('redo', trail.lastUndone, trail.redone);

function stepPerson(by) {
  const at = neighbour(by);
  if (at !== null) selectPerson(at, 'card');
}

/** From a mention to its person's card, and back. */
function across() {
  const card = selectedCard();
  const isInCards = byId('people').contains(document.activeElement);
  (isInCards ? elementOf(selectedMention()) : card ?? elementOf(selectedMention()))?.focus();
}

function toQueue(id) {
  document.body.classList.add('with-queue');
  document.body.classList.remove('without-queue');
  document.querySelector('[data-show=queue]').click();
  byId(id).focus();
  byId(id).select?.();
}

/** Shows the queue where it is hidden, and hides it where it is shown. */
function queue() {
  const isShown = byId('queue').checkVisibility();
  document.body.classList.toggle('with-queue', !isShown);
  document.body.classList.toggle('without-queue', isShown);
  if (isShown && document.activeElement === document.body) byId('article-title').focus();
}

/** Keys are written as `nameOf` in keys.js gives them; `Ctrl` is also the command key. */
export const COMMANDS = [
  { id: 'accept', group: 'Article', keys: ['a'], words: 'accept: everything on the page is right now; goes to the next', act: () => finish('accept') },
  { id: 'reject', group: 'Article', keys: ['x'], words: 'reject the whole article; goes to the next', act: () => finish('reject') },
  { id: 'skip', group: 'Article', keys: ['s'], words: 'skip it for now; goes to the next', act: () => finish('skip') },
  { id: 'reopen', group: 'Article', keys: ['Shift+A'], words: 'reopen: it counts as undecided again', act: () => decide({ do: 'reopen' }) },
  { id: 'next', group: 'Article', keys: ['n'], words: 'next article of the queue', act: () => navigate.stepBy(1) },
  { id: 'previous', group: 'Article', keys: ['p'], words: 'previous article of the queue', act: () => navigate.stepBy(-1) },
  { id: 'undo', group: 'Article', keys: ['u', 'Ctrl+Z'], words: 'undo the last decision, in the article where it was made', act: undo },
  { id: 'redo', group: 'Article', keys: ['Shift+U', 'Ctrl+Y', 'Ctrl+Shift+Z'], words: 'do again what was undone', act: redo },
  { id: 'note', group: 'Article', keys: ['t'], words: 'write a note on the article', act: changes.note },

  { id: 'before', group: 'Selection', keys: ['←'], words: 'previous mention', act: () => stepMention(-1) },
  { id: 'after', group: 'Selection', keys: ['→'], words: 'next mention', act: () => stepMention(1) },
  { id: 'up', group: 'Selection', keys: ['↑'], words: 'previous person; in the queue, previous article', act: () => arrow(-1) || stepPerson(-1) },
  { id: 'down', group: 'Selection', keys: ['↓'], words: 'next person; in the queue, next article', act: () => arrow(1) || stepPerson(1) },
  { id: 'across', group: 'Selection', keys: ['Enter'], words: 'from a mention to its person’s card, and back', act: across },

  { id: 'role', group: 'Person', keys: ['1', '2', '3', '4', '5', '6', '7', '8', '9', '0'], words: 'give the role with that number, or take it away', act: (key) => changes.toggleRole(roleOfKey(key)) },
  { id: 'roles', group: 'Person', keys: ['h'], words: 'any role, from a list', act: changes.chooseRole },
  { id: 'confirm', group: 'Person', keys: ['c'], words: 'confirm the roles that were predicted', act: changes.confirmRoles },
  { id: 'represents', group: 'Person', keys: ['r'], words: 'say whom this person represents, or no longer', act: changes.relate },
  { id: 'merge', group: 'Person', keys: ['m'], words: 'merge into another person: they are the same', act: changes.merge },

  { id: 'insert', group: 'Mention', keys: ['i'], words: 'add a mention: choose its words by keys', act: spans.insert },
  { id: 'ends', group: 'Mention', keys: ['e'], words: 'change where the mention begins and ends', act: spans.change },
  { id: 'same', group: 'Mention', keys: ['y'], words: 'mark the same words wherever else they stand', act: changes.markAlike },
  { id: 'label', group: 'Mention', keys: ['l'], words: 'change its label, and that of its person', act: changes.relabel },
  { id: 'kind', group: 'Mention', keys: ['k'], words: 'name, pseudonym or description', act: changes.changeKind },
  { id: 'join', group: 'Mention', keys: ['j'], words: 'join it to another person', act: changes.join },
  { id: 'split', group: 'Mention', keys: ['b'], words: 'split it off as a person of its own', act: changes.split },
  { id: 'delete', group: 'Mention', keys: ['d', 'Delete'], words: 'delete it: this is no mention', act: changes.remove },
  { id: 'deletes', group: 'Mention', keys: ['Shift+D'], words: 'delete all mentions of the same words', act: changes.removeAlike },

  { id: 'search', group: 'Queue', keys: ['/'], words: 'search the articles', act: () => toQueue('search') },
  { id: 'go', group: 'Queue', keys: ['g'], words: 'go to an article by its id', act: () => toQueue('goto') },
  { id: 'order', group: 'Queue', keys: ['o'], words: 'the other order', act: otherOrder },
  { id: 'clear', group: 'Queue', keys: ['Shift+X'], words: 'clear the filters', act: clear },
  { id: 'queue', group: 'Queue', keys: ['q'], words: 'show or hide the queue', act: queue },

  { id: 'help', group: 'Page', keys: ['?'], words: 'this help', act: () => help(COMMANDS, spans.CHOOSING) },
  { id: 'leave', group: 'Page', keys: ['Esc'], words: 'leave a field, a list or the choosing of words', act: () => leave() },
  { id: 'take', group: 'Page', keys: [], words: '', act: () => spans.take() },
];

/** From choosing words back to the selection; from a field back to the text. */
function leave() {
  if (spans.isChoosing()) spans.leave();
  else (selectedPerson() !== null && byId('people').contains(document.activeElement) ? selectedCard() : elementOf(selectedMention()) ?? byId('text'))?.focus();
}

/** Whether a command means the same whichever article is shown, and whatever is under way. */
export const isAnywhere = ({ id, group }) => group === 'Selection' || ['next', 'previous', 'undo', 'redo'].includes(id);
export const isAtOnce = ({ group }) => group === 'Page' || group === 'Queue';

let waiting = 0;
let turn = Promise.resolve();

/** Whether nothing is under way: no command, no decision. */
export const isIdle = () => waiting === 0 && !isBusy();
export const idle = () => turn.then(settled);

/**
 * Does a command when those before it are done, so that what it is about is there. One that was meant for an article that has
 * gone meanwhile is dropped: nobody accepts what they have not seen.
 */
function inTurn(command, key) {
  const { number } = state.article;
  const act = () => (state.article.number === number || isAnywhere(command) ? command.act(key) : null);
  const done = isIdle() ? Promise.resolve(act()) : turn.then(settled).then(act);
  waiting += 1;
  turn = done.catch(reportError).then(() => { waiting -= 1; });
}

/** Does a command; `key` is the one that was pressed, if any. */
export function run(id, key = null) {
  const command = COMMANDS.find((candidate) => candidate.id === id);
  hush();
  if (isAtOnce(command)) command.act(key);
  else if (state.article !== null) inTurn(command, key);
}

/** Gives buttons that stand for a command its key, to be seen and to be heard. */
export function dress() {
  document.querySelectorAll('[data-command]:not([aria-keyshortcuts])').forEach((element) => {
    const { keys } = COMMANDS.find((command) => command.id === element.dataset.command);
    if (keys.length === 0 || element.dataset.command === 'leave') return;
    element.setAttribute('aria-keyshortcuts', keys.map((key) => key.replace('Ctrl', 'Control')).join(' '));
    element.append(' ', make('kbd', { 'aria-hidden': 'true' }, keys[0].replace('Shift+', '⇧')));
  });
}
