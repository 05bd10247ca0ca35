// A list to choose from: of people, found by typing, or a few things with a letter each.

/** Rows shown at most; typing narrows the rest. */
const ROWS = 100;

const simple = (text) => text.toLocaleLowerCase('en').normalize('NFD').replace(/\p{Mn}/gu, '');

function rowsOf(options, sought) {
  const parts = simple(sought).split(/\s+/).filter((part) => part !== '');
  return options.filter((option) => parts.every((part) => simple(option.text).includes(part)));
}

function row(option, at) {
  return make('li', { id: `choice-${at}`, role: 'option', 'aria-selected': 'false', 'data-value': String(option.value) },
    option.key ? make('kbd', {}, option.key) : null, ...option.parts);
}

/** The controls of a chooser: what is shown, and which row is current. */
function controls(field, list, rest, options) {
  let shown = [];
  let current = 0;
  const point = () => {
    [...list.children].forEach((element, at) => element.setAttribute('aria-selected', at === current));
    const element = list.children[current];
    if (element === undefined) field.removeAttribute('aria-activedescendant');
    else {
      field.setAttribute('aria-activedescendant', element.id);
      element.scrollIntoView({ block: 'nearest' });
    }
  };
  return {
    fill(sought) {
      const found = rowsOf(options, sought);
      shown = found.slice(0, ROWS);
      list.replaceChildren(...shown.map(row));
      rest.textContent = found.length === 0 ? 'Nothing is like that.' : found.length > ROWS ? `${count(found.length - ROWS)} more: type to find them.` : '';
      current = Math.max(0, sought === '' ? shown.findIndex((option) => option.isCurrent) : 0);
      point();
    },
    move(by) {
      if (shown.length > 0) current = (current + by + shown.length) % shown.length;
      point();
    },
    chosen: () => shown[current],
    at: (place) => shown[place],
  };
}

/**
 * Lets choose one of `options` ({ value, text to be searched, parts to be shown, key, isCurrent }). With `isSearched` a field
 * narrows them, else their keys choose. Gives a promise of the value, or of null.
 */
export function choose({ title, note = '', options, isSearched = true }) {
  const dialog = byId('chooser');
  const list = make('ul', { id: 'choices', role: 'listbox', 'aria-labelledby': 'chooser-title', ...(isSearched ? {} : { tabindex: '0' }) });
  const field = isSearched
    ? make('input', { id: 'choice-search', role: 'combobox', 'aria-expanded': 'true', 'aria-controls': 'choices', 'aria-autocomplete': 'list', 'aria-label': title, placeholder: 'Type a name or a number', autocomplete: 'off', spellcheck: 'false' })
    : list;
  const rest = make('p', { class: 'note', role: 'status' });
  const control = controls(field, list, rest, options);
  dialog.replaceChildren(make('h2', { id: 'chooser-title' }, title), note === '' ? '' : make('p', { class: 'note' }, note), ...(isSearched ? [field] : []), list, rest,
    make('p', { class: 'note' }, make('kbd', {}, 'Enter'), ' takes it ', make('kbd', {}, 'Esc'), ' leaves'));
  control.fill('');
  dialog.showModal();
  field.focus();
  return new Promise((resolve) => {
    let value = null;
    const take = (option) => {
      if (option === undefined) return;
      ({ value } = option);
      dialog.close();
    };
    const pressed = (event) => {
      const by = { ArrowDown: 1, ArrowUp: -1 }[event.key];
      const plain = !event.ctrlKey && !event.altKey && !event.metaKey;
      const own = isSearched || !plain ? undefined : options.find((option) => option.key === event.key.toLowerCase());
      if (by !== undefined) control.move(by);
      else if (event.key === 'Enter') take(control.chosen());
      else if (own !== undefined) take(own);
      else return;
      event.preventDefault();
    };
    const leaving = new AbortController();
    const { signal } = leaving;
    field.addEventListener('keydown', pressed, { signal });
    if (isSearched) field.addEventListener('input', () => control.fill(field.value), { signal });
    list.addEventListener('click', (event) => take(control.at([...list.children].indexOf(event.target.closest('[role=option]')))), { signal });
    // A click beside the dialog leaves it.
    dialog.addEventListener('click', (event) => { if (event.target === dialog) dialog.close(); }, { signal });
    dialog.addEventListener('close', () => { leaving.abort(); resolve(value); }, { once: true });
  });
}
