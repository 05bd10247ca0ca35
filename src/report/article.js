// The article that is read: its head, what of it is shown, and the ways between its text and who is in it.

/** The article on show: its number, its record and the elements that stand for it. */
let shown = null;
const hidden = new Set();

/** The most characters of a field of `meta` that are shown. */
const FIELD = 160;
const clipped = (text) => (text.length > FIELD ? `${Array.from(text.slice(0, FIELD)).slice(0, -1).join('')}…` : text);

/** What is said of an article besides its text. */
function metaOf(record) {
  const { source, ...rest } = record.meta;
  const plainly = (value) => (typeof value === 'string' ? value : JSON.stringify(value));
  const values = Object.entries(rest).map(([key, value]) => `${words(key)}: ${clipped(plainly(value))}`);
  const made = record.run.model === 'none' && record.run.rules === 'none' ? 'annotated by people' : `${record.run.tool}, ${record.run.precision}`;
  return [...values, made, ...(typeof source === 'string' && source !== record.id ? [source] : [])];
}

/** A box a label, to show its mentions or not; it is the key of the text, too. */
function drawLegend(record, acts) {
  const labels = new Map();
  record.spans.forEach(({ label }) => labels.set(label, (labels.get(label) ?? 0) + 1));
  const order = (label) => (KNOWN.includes(label) ? KNOWN.indexOf(label) : KNOWN.length);
  const kinds = [...labels].sort((a, b) => order(a[0]) - order(b[0]) || (a[0] < b[0] ? -1 : 1));
  const box = (key, looks, text, number) => {
    const input = make('input', { type: 'checkbox' });
    input.checked = !hidden.has(key);
    input.addEventListener('change', () => {
      if (input.checked) hidden.delete(key);
      else hidden.add(key);
      acts.showOnly();
    });
    return make('label', {}, input, make('span', { class: looks }, text), make('small', {}, ` ${count(number)}`));
  };
  return [
    ...kinds.map(([label, number]) => box(label, `mention ${labelClass(label)}`, label, number)),
    ...(shown.drawn.proofs.all.length === 0 ? [] : [box('proof', 'proof', 'proofs', shown.drawn.proofs.all.length)]),
  ];
}

/** Hides the mentions whose boxes are not ticked. */
function showOnly() {
  if (hidden.size > 0) shown.drawn.go();
  shown.record.spans.forEach((span) => shown.drawn.byMention.get(span.id)?.classList.toggle('off', hidden.has(span.label)));
  byId('text').classList.toggle('no-proofs', hidden.has('proof'));
}

const still = matchMedia('(prefers-reduced-motion: reduce)');

/** Brings elements into sight and sets them off for a moment. */
function flash(elements) {
  if (elements.length === 0) return;
  elements[0].scrollIntoView({ block: 'center', behavior: still.matches ? 'auto' : 'smooth' });
  elements.forEach((element) => {
    element.classList.remove('flash');
    // The browser must see it without, or it begins no new animation.
    element.getBoundingClientRect();
    element.classList.add('flash');
    setTimeout(() => element.classList.remove('flash'), 1600);
  });
}

/** Marks all that belongs to an entity, in the text and beside it. */
let lit = null;
function light(number) {
  if (number === lit) return;
  lit = number;
  document.querySelectorAll('.lit').forEach((element) => element.classList.remove('lit'));
  if (shown === null || number === null) return;
  shown.drawn.byEntity[number - 1]?.forEach((element) => element.classList.add('lit'));
  byId('people').querySelector(`[data-entity="${number}"]`)?.classList.add('lit');
}

const entityOf = (element) => {
  const owner = element?.closest?.('[data-entity]');
  return owner ? Number(owner.dataset.entity) : null;
};

/** The ways from one part of an article to another. `filter` is told a facet and a value. */
function waysOf(filter) {
  const rounds = new Map();
  // Where one is led to must be drawn.
  const drawn = () => {
    shown.drawn.go();
    return shown.drawn;
  };
  const round = (at) => {
    const elements = drawn().byEntity[at];
    const turn = rounds.get(at) ?? 0;
    rounds.set(at, (turn + 1) % Math.max(1, elements.length));
    light(at + 1);
    flash(elements.slice(turn, turn + 1));
  };
  return {
    filter,
    showOnly,
    // What stands for each role, for who filters by roles.
    roles: [],
    toNext: round,
    toProof: (key) => flash(drawn().proofs.parts.get(key) ?? []),
    toMention: (id) => flash([drawn().byMention.get(id)].filter(Boolean)),
    toEntity: (at) => {
      const card = byId(`entity-${at + 1}`);
      if (!card) return round(at);
      card.querySelector('.who').focus({ preventScroll: true });
      return flash([card]);
    },
  };
}

/** The words that prove something, one after the other. */
function nextProof() {
  if (shown === null || shown.drawn.proofs.all.length === 0) return;
  const { start, end } = shown.drawn.proofs.all[shown.proof % shown.drawn.proofs.all.length];
  shown.proof += 1;
  shown.drawn.go();
  flash(shown.drawn.proofs.parts.get(`${start}-${end}`));
}

/** Sets off what was sought and filtered by, and brings the first of it into sight. */
function toWhatIsAsked(sought) {
  markMet();
  scrollWithin(byId('article'), highlight(byId('text'), sought), byId('article').clientHeight / 3);
  scrollWithin(byId('people'), byId('people').querySelector('.met')?.closest('.person'));
}

/** Puts a record in the place of the one on show. */
function drawArticle(number, article, sought, filter) {
  const acts = waysOf(filter);
  const drawn = new Drawing(article, byId('text'));
  shown = { number, record: article, drawn, proof: 0, roles: acts.roles };
  lit = null;
  drawn.go(60);
  byId('article-id').replaceChildren(name(article.id === '' ? '(no id)' : article.id));
  byId('meta').replaceChildren(...metaOf(article).flatMap((value, at) => [at > 0 ? ' · ' : '', name(value)]));
  byId('legend').replaceChildren(...drawLegend(article, acts));
  byId('people').replaceChildren(...drawPeople(article, acts));
  showOnly();
  [byId('article'), byId('people')].forEach((pane) => { pane.scrollTop = 0; });
  toWhatIsAsked(sought);
  if (drawn.left.length > 0) drawn.rest(() => shown?.drawn === drawn).then(() => { if (shown?.drawn === drawn) highlight(byId('text'), state.sought); });
}

/** Sets off the roles for which the article was found. */
function markMet() {
  const isAsked = isFiltered();
  const rulesOf = (role) => role.evidence.map(({ rule }) => rule);
  shown.roles.forEach(({ item, entity, role }) => {
    const values = [[role.role], rulesOf(role), [entity.label], [role.status]];
    const thousandth = Math.round(role.score * 1000);
    const isMet = values.every((own, f) => facets[f].chosen.size === 0 || own.some((value) => facets[f].chosen.has(value)));
    item.classList.toggle('met', isAsked && isMet && thousandth >= scores.from && thousandth <= scores.to);
  });
}

/** An article in which nothing can be shown. */
function drawNoArticle(why) {
  shown = null;
  ['meta', 'legend', 'people', 'text'].forEach((id) => byId(id).replaceChildren());
  byId('article-id').textContent = 'No article';
  byId('text').append(make('p', { class: 'empty' }, why));
}

/** What pointing at a mention or a card does, and at a mention's words. */
function listenToArticle() {
  [byId('text'), byId('people')].forEach((pane) => {
    pane.addEventListener('mouseover', (event) => light(entityOf(event.target)));
    pane.addEventListener('mouseleave', () => light(null));
    pane.addEventListener('focusin', (event) => light(entityOf(event.target)));
  });
  byId('text').addEventListener('click', (event) => {
    const number = entityOf(event.target);
    const beside = number === null ? null : byId('people').querySelector(`[data-entity="${number}"]`);
    if (beside) flash([beside]);
  });
}
