// Ties it together: the state and the address, filters, tabs and keys.

const [searchBox, orderBox, list] = ['search', 'order', 'list'].map(byId);
const scoreBoxes = { from: byId('score-from'), to: byId('score-to') };
let showTallies = () => {};
let figures = null;

// What is found when nothing is asked for, and how much there is to filter by.
let everything = null;

/** The state as the part of the address after #, so that a view can be kept and sent. */
function address() {
  const parts = new URLSearchParams();
  facets.forEach((facet) => facet.chosen.forEach((value) => parts.append(facet.key, value)));
  if (!isAnyScore()) parts.set('score', `${scores.from / 1000}-${scores.to / 1000}`);
  if (state.sought !== '') parts.set('search', state.sought);
  if (state.order !== 'given') parts.set('order', state.order);
  if (state.view !== 'articles') parts.set('view', state.view);
  const article = state.found[state.at];
  if (article !== undefined) {
    parts.set('article', index.ids[article]);
    // Ids are unique within a run, but files of several runs may lie together.
    const same = index.ids.slice(0, article).filter((id) => id === index.ids[article]).length;
    if (same > 0) parts.set('nth', same + 1);
  }
  return `#${parts}`;
}

// Browsers allow so many changes of the address in a while, and a key held down makes more.
let remembering = 0;
function remember() {
  clearTimeout(remembering);
  remembering = setTimeout(() => history.replaceState(null, '', address()), 150);
}

/** The article that an address names; none if it names none. */
function namedArticle(parts) {
  const id = parts.get('article');
  if (id === null) return null;
  let article = index.ids.indexOf(id);
  for (let nth = Number(parts.get('nth') ?? 1); nth > 1 && article >= 0; nth -= 1) article = index.ids.indexOf(id, article + 1);
  return article < 0 ? null : article;
}

function thousandths(text, otherwise) {
  const number = Number(text);
  return text === '' || text === undefined || Number.isNaN(number) ? otherwise : Math.round(1000 * Math.min(1, Math.max(0, number)));
}

function recall() {
  const parts = new URLSearchParams(location.hash.slice(1));
  facets.forEach((facet) => { facet.chosen = new Set(parts.getAll(facet.key).filter((value) => facet.list.includes(value))); });
  const [from, to] = (parts.get('score') ?? '').split('-');
  Object.assign(scores, { from: thousandths(from, 0), to: thousandths(to, 1000) });
  state.order = [...orderBox.options].some((option) => option.value === parts.get('order')) ? parts.get('order') : 'given';
  state.sought = parts.get('search') ?? '';
  searchBox.value = state.sought;
  orderBox.value = state.order;
  view(parts.get('view') === 'figures' ? 'figures' : 'articles');
  find(namedArticle(parts));
}

/** Searches anew, and shows what is found as it is. */
function find(article = null) {
  let wish = article;
  return seek(state.sought, (isFound, share) => {
    state.isFound = isFound;
    say('searching', share === 1 ? '' : `Searching the texts: ${Math.round(100 * share)} %`);
    renew(wish);
    wish = null;
  });
}

/** Filters and sorts anew. Goes to `article`, or stays at the one that is read, as long as it is found. */
function renew(article = null) {
  const result = isFiltered() || state.isFound !== null ? filtered(state.isFound) : everything;
  const before = article ?? state.found[state.at];
  state.found = ordered(result.found, state.order);
  figures = result.figures;
  showTallies(result.tallies);
  showFilters();
  const all = counted(facts.articles, 'article');
  byId('count').textContent = state.found.length === facts.articles ? all : `${count(state.found.length)} of ${all}`;
  const place = state.found.indexOf(before);
  read(place < 0 ? Math.min(0, state.found.length - 1) : place, true);
  if (state.view === 'figures') drawFigures(figures, figureActs);
}

// The scores asked for stand among the filters in force like a facet with one value.
const scoreChip = { key: 'score', title: 'Score', chosen: new Set(), show: () => `${scores.from / 1000}–${scores.to / 1000}` };

function showFilters() {
  scoreChip.chosen = new Set(isAnyScore() ? [] : ['score']);
  showChosen([...facets, scoreChip], () => {
    if (scoreChip.chosen.size === 0) anyScore();
    renew();
  });
  scoreBoxes.from.value = scores.from === 0 ? '' : scores.from / 1000;
  scoreBoxes.to.value = scores.to === 1000 ? '' : scores.to / 1000;
  byId('clear').hidden = !isFiltered() && state.sought === '';
}

function anyScore() {
  Object.assign(scores, { from: 0, to: 1000 });
}

// The article asked for last: one that is unpacked later than another must not take its place.
let asked = null;

/** Reads the article at a place of those found. */
async function read(place, anew = false) {
  state.at = place;
  drawList(anew);
  remember();
  const article = state.found[place];
  asked = article;
  if (article === undefined) {
    return drawNoArticle(facts.articles === 0 ? 'There is no article in this page.' : 'No article is like that. x clears search and filters.');
  }
  if (shown?.number === article) {
    return toWhatIsAsked(state.sought);
  }
  try {
    const found = await record(article);
    if (asked === article) drawArticle(article, found, state.sought, (facet, value) => choose({ [facet]: [value] }));
  } catch (error) {
    trouble(error);
  }
  return undefined;
}

/** Filters by just these values. */
function choose(choice) {
  facets.forEach((facet) => { facet.chosen = new Set(choice[facet.key] ?? []); });
  anyScore();
  state.sought = '';
  searchBox.value = '';
  find();
}

const figureActs = {
  toggle: (key, value) => {
    const { chosen } = facets.find((facet) => facet.key === key);
    if (!chosen.delete(value)) chosen.add(value);
    refigure();
  },
  score: (from, to) => {
    const isSame = scores.from === from && scores.to === to;
    Object.assign(scores, isSame ? { from: 0, to: 1000 } : { from, to });
    refigure();
  },
  unfold: (key) => {
    if (!unfolded.delete(key)) unfolded.add(key);
    refigure();
  },
};

/** Renews, and gives the focus back to the bar that was pressed: it was drawn anew. */
function refigure() {
  const place = (element) => [...byId('figures').querySelectorAll('button')].indexOf(element);
  const label = document.activeElement?.textContent;
  const at = place(document.activeElement);
  renew();
  const buttons = [...byId('figures').querySelectorAll('button')];
  const again = buttons.find((button) => label !== '' && button.textContent === label) ?? buttons[at];
  (again ?? byId('figures')).focus({ preventScroll: true });
}

function view(which) {
  state.view = which;
  ['articles', 'figures'].forEach((one) => {
    byId(one).hidden = one !== which;
    const tab = byId(`tab-${one}`);
    tab.setAttribute('aria-selected', `${one === which}`);
    tab.tabIndex = one === which ? 0 : -1;
  });
  orderBox.parentElement.hidden = which === 'figures';
  if (which === 'figures' && figures !== null) drawFigures(figures, figureActs);
  remember();
}

/** Goes to the article that is so many further. */
function step(by) {
  if (state.view !== 'articles') view('articles');
  const place = state.at + by;
  if (place < 0 || place >= state.found.length) return;
  read(place);
  entryAt(place)?.focus({ preventScroll: true });
}

function turnBy(by) {
  const page = state.page + by;
  if (page < 0 || page >= pages()) return;
  read(page * PER_PAGE);
  list.scrollTop = 0;
  entryAt(state.at)?.focus({ preventScroll: true });
}

function toList() {
  const current = entryAt(state.at) ?? list;
  current.focus({ preventScroll: true });
  if (isNarrow.matches) byId('listing').scrollIntoView();
}

const KEYS = {
  '/': () => searchBox.focus(),
  j: () => step(1),
  k: () => step(-1),
  n: () => turnBy(1),
  p: () => turnBy(-1),
  w: () => (byId('people').querySelector('.who') ?? byId('people')).focus(),
  e: () => nextProof(),
  f: () => view(state.view === 'figures' ? 'articles' : 'figures'),
  x: () => choose({}),
  '?': () => byId('keys').showModal(),
};

/** Arrows go along the list, the check boxes and the tabs; elsewhere they scroll, as ever. */
function arrow(event) {
  const by = event.key === 'ArrowDown' || event.key === 'ArrowRight' ? 1 : -1;
  const isUpright = event.key === 'ArrowDown' || event.key === 'ArrowUp';
  if (event.target.matches('[role=tab]') && !isUpright) {
    view(state.view === 'figures' ? 'articles' : 'figures');
    byId(`tab-${state.view}`).focus();
  } else if (isUpright && list.contains(event.target)) step(by);
  else if (isUpright && event.target.matches('#facets input[type=checkbox]')) {
    const boxes = [...document.querySelectorAll('#facets input[type=checkbox]')];
    boxes[boxes.indexOf(event.target) + by]?.focus();
  } else return;
  event.preventDefault();
}

function pressed(event) {
  if (event.ctrlKey || event.metaKey || event.altKey || byId('keys').open) return;
  if (event.key === 'Escape') return toList();
  if (event.target.matches('input[type=search], input[type=number], select')) return;
  if (event.key.startsWith('Arrow')) return arrow(event);
  const act = Object.hasOwn(KEYS, event.key) ? KEYS[event.key] : null;
  if (act === null) return;
  event.preventDefault();
  act();
}

const isNarrow = matchMedia('(max-width: 60rem)');

/** Says what can't be mended: a file that was cut off, a browser that is too old. */
function trouble(error) {
  say('trouble', `The articles can't be unpacked (${error.message}). Is the file whole, and the browser of 2023 or later?`);
}

function introduce() {
  const { title, files, articles, refused, program } = facts;
  const named = files.map((file) => (file === '-' ? 'standard input' : file));
  byId('title').replaceChildren(name(title ?? 'Who is who'));
  const parts = [...named.slice(0, 3), ...(named.length > 3 ? [`${named.length - 3} more`] : [])].flatMap((file, at) => [at > 0 ? ', ' : '', name(file)]);
  byId('about').append(...parts, ` · ${counted(articles, 'article')}`, refused > 0 ? ` · ${counted(refused, 'line')} refused` : '', ` · ${program}`);
  document.title = title ?? `Who is who: ${named.join(', ')}`;
}

function listen() {
  let typing = 0;
  searchBox.addEventListener('input', () => {
    clearTimeout(typing);
    typing = setTimeout(() => { state.sought = searchBox.value.trim(); find(); }, 160);
  });
  Object.entries(scoreBoxes).forEach(([end, box]) => box.addEventListener('change', () => {
    scores[end] = thousandths(box.value, end === 'from' ? 0 : 1000);
    renew();
  }));
  orderBox.addEventListener('change', () => { state.order = orderBox.value; renew(); });
  list.addEventListener('click', (event) => {
    const button = event.target.closest('.entry');
    if (button === null) return;
    read(Number(button.dataset.place));
    // By a key one wants to go on to the text; on a narrow screen it is below.
    if (event.detail === 0 || isNarrow.matches) byId('article-id').focus({ preventScroll: !isNarrow.matches });
  });
  byId('previous').addEventListener('click', () => turnBy(-1));
  byId('next').addEventListener('click', () => turnBy(1));
  byId('clear').addEventListener('click', () => { choose({}); toList(); });
  byId('help').addEventListener('click', () => byId('keys').showModal());
  ['articles', 'figures'].forEach((one) => byId(`tab-${one}`).addEventListener('click', () => view(one)));
  // As links they would take the place of the filters in the address.
  const leads = [['.skip', () => byId(state.view === 'figures' ? 'figures' : 'article-id').focus()], ['.back', toList]];
  leads.forEach(([link, go]) => document.querySelector(link).addEventListener('click', (event) => { event.preventDefault(); go(); }));
  byId('facets').addEventListener('submit', (event) => event.preventDefault());
  document.addEventListener('keydown', pressed);
  window.addEventListener('beforeprint', () => shown?.drawn.go());
  window.addEventListener('hashchange', recall);
}

async function begin() {
  themes();
  introduce();
  await readIndex();
  byId('workspace').hidden = false;
  // On a narrow screen the filters would push the articles out of sight.
  byId('filters').open = !isNarrow.matches;
  everything = filtered(null);
  showTallies = makeFacets(facets, everything.tallies, () => renew());
  listenToArticle();
  listen();
  recall();
}

begin().catch(trouble);
