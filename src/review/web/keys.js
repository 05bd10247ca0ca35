// From keys and clicks to commands.

import { COMMANDS, dress, idle, isAnywhere, isAtOnce, isIdle, run } from './commands.js';
import { say } from './messages.js';
import * as spans from './spans.js';
import { on, state } from './state.js';

const NAMES = { ArrowLeft: '←', ArrowRight: '→', ArrowUp: '↑', ArrowDown: '↓', Escape: 'Esc' };

const byKey = new Map(COMMANDS.flatMap((command) => command.keys.map((key) => [key, command])));

/** A key as the table writes it: letters small unless with Shift or Ctrl, whatever Caps Lock says. */
function written(key, { ctrlKey, metaKey, shiftKey }) {
  const control = ctrlKey || metaKey ? 'Ctrl+' : '';
  if (!/^[a-z]$/i.test(key)) return `${control}${NAMES[key] ?? key}`;
  const shift = shiftKey ? 'Shift+' : '';
  return `${control}${shift}${control || shift ? key.toUpperCase() : key.toLowerCase()}`;
}

/** On keyboards of other scripts, or with the digits on Shift, the place of the key counts. */
function placed(code) {
  return /^(Key|Digit)(.)$/.exec(code)?.[2] ?? '';
}

function commandOf(event) {
  const own = written(event.key, event);
  if (byKey.has(own)) return [byKey.get(own), own];
  // A letter that means nothing here is not taken for the one that stands there on another keyboard.
  if (/^[a-z]$/i.test(event.key) || event.key.length > 1) return [undefined, own];
  const place = written(placed(event.code), event);
  return [byKey.get(place), place];
}

const isTyping = (target) => target.closest('input:not([type=radio]), textarea, select') !== null;

/** Keys that the thing with the focus needs itself. */
function isItsOwn(event) {
  if (event.key !== 'Enter' && event.key !== ' ') return false;
  const { target } = event;
  return target.closest('button, summary, a') !== null;
}

/** Strokes made while something was under way, each with the article that it was meant for. */
let strokes = [];

/** Does what a stroke means now. Gives whether it means anything. */
function struck(stroke, number) {
  if (spans.isChoosing() && spans.pressed(stroke)) return true;
  const [command, key] = stroke.altKey ? [] : commandOf(stroke);
  if (command === undefined) return false;
  if (spans.isChoosing() && !isAtOnce(command)) say('First take the words with Enter, or leave them with Esc.');
  else if (number === state.article?.number || isAnywhere(command)) run(command.id, key);
  return true;
}

/** Does the strokes that wait, one after the other. What was typed into a dialog that came up meanwhile is lost. */
async function catchUp() {
  while (strokes.length > 0) {
    await idle();
    if (document.querySelector('dialog[open]') !== null) strokes = [];
    const next = isIdle() ? strokes.shift() : undefined;
    if (next !== undefined) struck(next.stroke, next.number);
  }
}

/** A stroke that can wait until what is under way is done: it is about what will be shown then. */
function waits(event) {
  const [command] = commandOf(event);
  if (isIdle() && strokes.length === 0) return false;
  return command === undefined ? event.key.startsWith('Arrow') || event.key === '[' || event.key === ']' : !isAtOnce(command);
}

function pressed(event) {
  if (event.defaultPrevented || event.isComposing) return;
  // A dialog has keys of its own; Escape closes it without help.
  if (document.querySelector('dialog[open]') !== null) {
    if (event.key === '?' && byId('help').open) byId('help').close();
    return;
  }
  if (isTyping(event.target)) {
    if (event.key === 'Escape') run('leave');
    return;
  }
  // A key that is held down goes on with moving, not with deciding.
  if (isItsOwn(event) || (event.repeat && !event.key.startsWith('Arrow'))) return;
  const { key, code, shiftKey, ctrlKey, metaKey, altKey } = event;
  const stroke = { key, code, shiftKey, ctrlKey, metaKey, altKey };
  const number = state.article?.number;
  if (waits(event)) {
    event.preventDefault();
    strokes.push({ stroke, number });
    if (strokes.length === 1) catchUp();
  } else if (struck(stroke, number)) event.preventDefault();
}

export function startKeys() {
  document.addEventListener('keydown', pressed);
  document.addEventListener('click', (event) => {
    const element = event.target.closest('[data-command]');
    if (element !== null) run(element.dataset.command);
  });
  // A click beside a dialog leaves it.
  for (const id of ['help', 'note-dialog', 'span-dialog']) {
    byId(id).addEventListener('click', (event) => { if (event.target === byId(id) && id !== 'note-dialog') byId(id).close(); });
  }
  for (const topic of ['article', 'selection', 'choice']) on(topic, dress);
  dress();
}
