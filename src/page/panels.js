// Panels with tables: what charts of all pages are made of.

function scale(from, middle, to) {
  return make('span', { class: 'scale', 'aria-hidden': 'true' }, ...[from, middle, to].map((text) => make('span', {}, text)));
}

const numbers = (...texts) => texts.map((text) => make('td', { class: 'number' }, text));

function table(head, rows) {
  const heads = head.map((cell) => (typeof cell === 'string' ? make('th', { scope: 'col', class: 'number' }, cell) : cell));
  return make('div', { class: 'wide' }, make('table', {}, make('thead', {}, make('tr', {}, ...heads)), make('tbody', {}, ...rows)));
}

function panel(title, note, ...content) {
  return make('section', { class: 'panel', 'aria-label': title }, make('h3', {}, title), make('p', { class: 'note' }, note), ...content);
}
