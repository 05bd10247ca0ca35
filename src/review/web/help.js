// The help: all keys, as the table of commands has them.

function group(title, rows) {
  const lines = rows.map(([keys, meaning]) => make('div', {}, make('dt', {}, ...keys.flatMap((key, at) => [at > 0 ? ' ' : '', make('kbd', {}, key)])), make('dd', {}, meaning)));
  return make('section', {}, make('h3', {}, title), make('dl', {}, ...lines));
}

/** Ten number keys are a range. */
const shortened = (keys) => (keys.length > 6 ? [`${keys[0]} … ${keys.at(-1)}`] : keys);

export function help(commands, choosing) {
  const dialog = byId('help');
  const shown = commands.filter(({ keys }) => keys.length > 0);
  const groups = [...new Set(shown.map((command) => command.group))].map((title) =>
    group(title, shown.filter((command) => command.group === title).map((command) => [shortened(command.keys), command.words])));
  const close = make('button', { type: 'button', class: 'key' }, 'Close ', make('kbd', {}, 'Esc'));
  close.addEventListener('click', () => dialog.close());
  dialog.replaceChildren(
    make('div', { class: 'line' }, make('h2', { id: 'help-title', tabindex: '-1' }, 'Keys'), close),
    make('div', { class: 'groups' }, ...groups, group('While words are chosen', choosing)),
    make('p', { class: 'note' }, 'With the pointer: drag over words to add a mention, or over part of one to change its ends; with Alt they are taken by the character. Everything can be done with the pointer, too.'),
  );
  dialog.showModal();
  byId('help-title').focus();
}
