// The articles that were found, a page at a time, beside the one that is read.

const PER_PAGE = 50;

/** What is shown at the moment. `at` is the place of the article that is read in those found. */
const state = { sought: '', order: 'given', view: 'articles', isFound: null, found: [], at: -1, page: -1 };

const pages = () => Math.max(1, Math.ceil(state.found.length / PER_PAGE));

/** The roles of an article, each once, with how many have it. */
function rolesOf(article) {
  const roles = new Map();
  for (let at = row.first[article]; at < row.first[article + 1]; at += 1) {
    if (row.role[at] !== NONE) roles.set(row.role[at], (roles.get(row.role[at]) ?? 0) + 1);
  }
  return [...roles].map(([role, times]) => `${words(dictionary.roles[role])}${times > 1 ? ` ×${times}` : ''}`).join(', ');
}

function entry(place) {
  const article = state.found[place];
  const warnings = index.warnings[article].length;
  const [people, roles] = [counted(index.people[article], 'person').replace('persons', 'people'), counted(index.roles[article], 'role')];
  const least = Number.isFinite(index.least[article]) ? `, lowest ${(index.least[article] / 1000).toFixed(2)}` : '';
  const warned = make('span', { class: 'warned' }, make('span', { 'aria-hidden': 'true' }, ' ⚠ '), unseen(', '), `${warnings}`,
    unseen(warnings === 1 ? ' warning' : ' warnings'));
  const button = make('button', { type: 'button', class: 'entry' },
    make('span', { class: 'id' }, name(index.ids[article] === '' ? '(no id)' : index.ids[article])),
    make('span', { class: 'facts' }, `${people} · ${roles}${least}`, warnings === 0 ? null : warned),
    make('span', { class: 'roles' }, rolesOf(article)));
  button.dataset.place = place;
  return make('li', {}, button);
}

const entryAt = (place) => byId('list').querySelector(`[data-place="${place}"]`);

/** Shows the page of the list that the article on show is on. */
function drawList(anew) {
  const page = Math.max(0, Math.floor(state.at / PER_PAGE));
  const first = page * PER_PAGE;
  const last = Math.min(first + PER_PAGE, state.found.length);
  const list = byId('list');
  if (anew || page !== state.page) {
    state.page = page;
    list.start = first + 1;
    list.replaceChildren(...state.found.slice(first, last).map((_, at) => entry(first + at)));
    list.scrollTop = 0;
    byId('where').textContent = last === 0 ? '' : `${count(first + 1)}–${count(last)}`;
    byId('previous').disabled = page === 0;
    byId('next').disabled = page === pages() - 1;
  }
  list.querySelectorAll('[aria-current]').forEach((current) => current.removeAttribute('aria-current'));
  const current = entryAt(state.at);
  current?.setAttribute('aria-current', 'true');
  scrollWithin(list, current);
}

/** Brings an element into sight within a pane alone, with some room beside it: the page itself stays where it is. */
function scrollWithin(pane, element, room = 0) {
  if (!element) return;
  const [outer, inner] = [pane.getBoundingClientRect(), element.getBoundingClientRect()];
  if (inner.top < outer.top) pane.scrollTop -= outer.top - inner.top + room;
  else if (inner.bottom > outer.bottom) pane.scrollTop += inner.bottom - outer.bottom + room;
}
