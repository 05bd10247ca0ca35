// From keys and clicks to commands.

import { COMMANDS, dress, run } from './commands.js';
import * as spans from './spans.js';
import { on } from './state.js';

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

function pressed(event) {
  if (event.defaultPrevented || event.isComposing) return;
  // A dialog has keys of its own; Escape closes it without help.
  if (document.querySelector('dialog[open]') !== null) {
    if (event.key === '?' && byId('help').open) byId('help').close();
    return;
  }
  const inChoice = spans.isChoosing() && !isTyping(event.target);
  if (inChoice && !isItsOwn(event) && spans.pressed(event)) return;
  if (isTyping(event.target)) {
    if (event.key === 'Escape') run('leave');
    return;
  }
  if (event.altKey || isItsOwn(event)) return;
  const [command, key] = commandOf(event);
  if (command === undefined || (inChoice && command.group !== 'Page')) return;
  event.preventDefault();
  run(command.id, key);
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
