// What is shown at the moment, and what keys and clicks do to it.

const PER_PAGE = 50;

const state = { sought: '', order: 'text', page: 0, found: [], current: -1 };
const [search, order, list] = ['search', 'order', 'list'].map(byId);

const pages = () => Math.max(1, Math.ceil(state.found.length / PER_PAGE));

/** The state as the part of the address after #, so that a view can be kept and sent. */
function remember() {
  const parts = new URLSearchParams();
  facets.forEach((facet) => facet.chosen.forEach((value) => parts.append(facet.key, value)));
  if (state.sought !== '') parts.set('search', state.sought);
  if (state.order !== 'text') parts.set('order', state.order);
  if (state.page > 0) parts.set('page', state.page + 1);
  history.replaceState(null, '', `#${parts}`);
}

function recall() {
  const parts = new URLSearchParams(location.hash.slice(1));
  facets.forEach((facet) => { facet.chosen = new Set(parts.getAll(facet.key)); });
  state.sought = parts.get('search') ?? '';
  state.order = [...order.options].some((option) => option.value === parts.get('order')) ? parts.get('order') : 'text';
  search.value = state.sought;
  order.value = state.order;
  renew(Number(parts.get('page') ?? 1) - 1);
}

/** Filters and sorts anew. */
function renew(page = 0) {
  const { found, tallies } = filtered(state.sought);
  state.found = ordered(found, state.order);
  updateFacets(tallies);
  showChosen(facets, () => renew());
  const all = `${counted(mistakes.length, 'mistake')}${names.other === null ? '' : ' of both runs'}`;
  byId('count').textContent = found.length === mistakes.length ? all : `${count(found.length)} of ${all}`;
  turn(page);
}

/** Shows a page of the list. */
function turn(page) {
  state.page = Number.isInteger(page) ? Math.min(Math.max(page, 0), pages() - 1) : 0;
  state.current = -1;
  const first = state.page * PER_PAGE;
  const shown = state.found.slice(first, first + PER_PAGE);
  list.replaceChildren(...shown.map((at, n) => card(at, first + n + 1, choose)));
  if (shown.length === 0) list.append(make('li', { class: 'empty' }, mistakes.length === 0 ? 'No mistakes.' : 'No mistake is like that. x clears the filters.'));
  ['', '-below'].forEach((where) => {
    byId(`where${where}`).textContent = shown.length === 0 ? '' : `${count(first + 1)}–${count(first + shown.length)}`;
    byId(`previous${where}`).disabled = state.page === 0;
    byId(`next${where}`).disabled = state.page === pages() - 1;
  });
  remember();
}

/** Shows the mistakes with just these values, and goes to them. */
function choose(choice) {
  facets.forEach((facet) => { facet.chosen = new Set(choice[facet.key] ?? []); });
  state.sought = '';
  search.value = '';
  renew();
  byId('explorer').scrollIntoView();
  list.focus({ preventScroll: true });
}

/** Goes to the card that is so many further, over the ends of pages. */
function step(by) {
  const cards = list.querySelectorAll('.card');
  const to = state.current < 0 && by < 0 ? -1 : state.current + by;
  if (to >= 0 && to < cards.length) return goTo(to);
  const page = state.page + by;
  if (page < 0 || page >= pages()) return;
  turn(page);
  goTo(by > 0 ? 0 : list.querySelectorAll('.card').length - 1);
}

function goTo(at) {
  const next = list.querySelectorAll('.card')[at];
  next.focus({ preventScroll: true });
  next.scrollIntoView({ block: 'nearest' });
}

function turnBy(by) {
  turn(state.page + by);
  byId('results').scrollIntoView();
  list.focus({ preventScroll: true });
}

const KEYS = {
  '/': () => search.focus(),
  j: () => step(1),
  k: () => step(-1),
  n: () => turnBy(1),
  p: () => turnBy(-1),
  x: () => choose({}),
};

/** Arrows go from card to card and from check box to check box; elsewhere they scroll, as ever. */
function arrow(event) {
  const by = event.key === 'ArrowDown' ? 1 : -1;
  if (list.contains(event.target)) step(by);
  else if (event.target.matches('#facets input')) {
    const boxes = [...document.querySelectorAll('#facets input')];
    boxes[boxes.indexOf(event.target) + by]?.focus();
  } else return;
  event.preventDefault();
}

function pressed(event) {
  if (event.ctrlKey || event.metaKey || event.altKey) return;
  if (event.key === 'Escape' && event.target === search) return list.focus({ preventScroll: true });
  if (event.target.matches('input[type=search], select')) return;
  if (event.key === 'ArrowDown' || event.key === 'ArrowUp') return arrow(event);
  const act = Object.hasOwn(KEYS, event.key) ? KEYS[event.key] : null;
  if (act === null) return;
  event.preventDefault();
  act();
}

/** What was judged, and what the figures leave out. */
function about() {
  const { articles, bootstrap } = report;
  const { gold, predicted, other } = names;
  const title = byId('about');
  title.append(name(predicted), ' against ', name(gold), ...(other === null ? [] : [', compared with ', name(other)]));
  title.append(` · ${counted(articles.judged, 'article')}`);
  if (bootstrap.resamples > 0) title.append(` · intervals hold ${100 * bootstrap.level}% of ${counted(bootstrap.resamples, 'resample')}`);
  document.title = `Mistakes of ${predicted}`;
  const apart = [
    [articles.missing, 'missing from a prediction'], [articles.extra, 'not in gold'],
    [articles.different_text, 'of different text'], [articles.refused, 'refused or given twice'],
  ].filter(([number]) => number > 0);
  say('doubts', apart.length === 0 ? '' : `Not scored: ${apart.map(([number, why]) => `${counted(number, 'article')} ${why}`).join(', ')}.`);
  say('left-out', leftOut === 0 ? '' : `${counted(leftOut, 'further mistake')} ${leftOut === 1 ? 'is' : 'are'} left out of this page, which holds the first ${count(mistakes.length)}; --errors lists all.`);
}

themes();
about();
showFigures(choose);
const updateFacets = makeFacets(facets, filtered('').tallies, () => renew());
// On a narrow screen the filters would push the mistakes out of sight.
byId('filters').open = !matchMedia('(max-width: 60rem)').matches;
let typing = 0;
search.addEventListener('input', () => {
  clearTimeout(typing);
  typing = setTimeout(() => { state.sought = search.value.trim(); renew(); }, 120);
});
order.addEventListener('change', () => { state.order = order.value; renew(); });
list.addEventListener('focusin', (event) => {
  state.current = [...list.children].indexOf(event.target.closest('.card'));
});
['', '-below'].forEach((where) => {
  byId(`previous${where}`).addEventListener('click', () => turnBy(-1));
  byId(`next${where}`).addEventListener('click', () => turnBy(1));
});
// As a link it would take the place of the filters in the address.
document.querySelector('.skip').addEventListener('click', (event) => {
  event.preventDefault();
  list.focus();
});
// Paper can't be unfolded.
window.addEventListener('beforeprint', () => { byId('more').open = true; });
byId('facets').addEventListener('submit', (event) => event.preventDefault());
document.addEventListener('keydown', pressed);
window.addEventListener('hashchange', recall);
recall();
