// A mistake as a card: the text around it with both sides marked, and what each side says.

const SIDES = [
  { side: 'gold', title: 'Gold', short: 'gold', class: 'gold' },
  { side: 'predicted', title: 'Predicted', short: 'pred', class: 'made' },
];

/** A paragraph's end is shown as a sign, so that cards stay low. */
function inline(text) {
  return text.split(/(\s*[\n\r\u2028\u2029]\s*)/).map((part, at) =>
    (at % 2 === 0 ? part : make('span', { class: 'break', 'aria-hidden': 'true' }, ' ¶ ')));
}

const says = (side) => (side.role === null ? side.label : words(side.role));

/** The text around a mistake: gold is ruled below, the prediction above; places are tinted and named, evidence is dotted. */
function context(mistake) {
  const { start, end } = mistake.context;
  // Offsets are in characters, and a character may be two units of a string.
  const characters = Array.from(mistake.context.text);
  const within = (place) => place.start < end && place.end > start;
  const layers = SIDES.filter(({ side }) => mistake[side] !== null).flatMap(({ side, short, class: of }) => [
    ...mistake[side].places.map((place) => ({ ...place, class: `${of} place`, of, name: `${short} ${says(mistake[side])}` })),
    ...mistake[side].evidence.map((place) => ({ ...place, class: `${of} evidence`, of, name: null })),
  ]).filter(within);
  const cuts = new Set([start, end, ...layers.flatMap((layer) => [Math.max(start, layer.start), Math.min(end, layer.end)])]);
  const bounds = [...cuts].sort((a, b) => a - b);
  const pieces = bounds.slice(0, -1).flatMap((from, at) => {
    const to = bounds[at + 1];
    const text = inline(characters.slice(from - start, to - start).join(''));
    const over = layers.filter((layer) => layer.start <= from && to <= layer.end);
    const classes = [...new Set(over.flatMap((layer) => layer.class.split(' ')))].join(' ');
    const isPlace = over.some((layer) => layer.name !== null);
    const piece = over.length === 0 ? text : [make(isPlace ? 'mark' : 'span', { class: classes }, ...text)];
    const ending = over.filter((layer) => layer.end === to && layer.name !== null);
    return [...piece, ...ending.map((layer) => make('span', { class: `tag ${layer.of}` }, layer.name))];
  });
  return make('p', { class: 'context', dir: 'auto' }, ...(start > 0 ? ['… '] : []), ...pieces, ' …');
}

/** The words of places, with where they stand if that is not in the text shown. */
function placed(places, around) {
  // Two rules may rest on the same words.
  const once = places.filter((place, at) => at === places.findIndex((other) => other.start === place.start && other.end === place.end));
  return once.flatMap((place, at) => {
    const seen = around.start <= place.start && place.end <= around.end;
    return [at > 0 ? ' · ' : null, name(inlineText(place.text)), seen ? null : make('small', {}, ` at ${count(place.start)}`)];
  });
}

const inlineText = (text) => text.replace(/\s+/g, ' ');

function ruleButtons(mistake, side, filter) {
  const facet = hasRules(mistake) ? 'rule' : 'layer';
  return [...new Set(side.rules)].map((rule) => {
    const times = side.rules.filter((other) => other === rule).length;
    const button = make('button', { type: 'button', class: 'rule', title: 'Show mistakes by it' }, rule, times > 1 ? ` ×${times}` : null);
    button.addEventListener('click', () => filter({ [facet]: [rule] }));
    return button;
  });
}

function sideRow(mistake, { side: key, title, class: of }, filter) {
  const side = mistake[key];
  // What is fixed was wrong in the other run.
  const head = make('dt', { class: of }, key === 'predicted' && mistake.change === 'fixed' ? 'Other run' : title);
  if (side === null) return [head, make('dd', { class: 'nothing' }, 'nothing')];
  const texts = side.places.map((place) => place.text);
  const others = side.names.filter((other) => !texts.includes(other));
  const parts = [
    make('span', { class: 'words' }, ...placed(side.places, mistake.context)),
    make('span', { class: 'what' }, make('b', {}, side.label), ` ${side.kind}`),
    mistake.fault.endsWith('_entity') ? make('span', { class: 'what' }, side.names.length === 1 ? 'one entity' : `${side.names.length} entities`) : null,
    side.role === null ? null : make('span', { class: 'what' }, isRelation(mistake) ? 'relation ' : 'role ', make('b', {}, words(side.role))),
    others.length === 0 ? null : make('span', { class: 'what' }, 'of ', ...others.flatMap((other, at) => [at > 0 ? ', ' : null, name(inlineText(other))])),
    side.evidence.length === 0 ? null : make('span', { class: 'what' }, 'evidence ', make('span', { class: 'quoted' }, ...placed(side.evidence, mistake.context))),
    side.score === null ? null : make('span', { class: 'what' }, 'score ', make('b', {}, side.score.toFixed(2))),
    ...ruleButtons(mistake, side, filter),
  ];
  return [head, make('dd', {}, ...parts)];
}

/** What went wrong as a sign before its name. */
function sign(fault) {
  if (fault.startsWith('missed')) return '−';
  if (fault.startsWith('spurious')) return '+';
  return fault.startsWith('wrong') ? '≠' : '⑂';
}

/** The card of mistake `at`, the `place`th of those shown. */
function card(at, place, filter) {
  const mistake = mistakes[at];
  const article = make('button', { type: 'button', class: 'article', title: 'Show the mistakes of this article' }, name(mistake.id));
  article.addEventListener('click', () => filter({ article: [mistake.id] }));
  const change = mistake.change === null ? null : make('span', { class: `badge ${mistake.change}` }, mistake.change);
  const where = make('span', { class: 'of' }, article, ...Object.values(mistake.groups).flatMap((value) => [' · ', name(value)]));
  const title = make('h3', { id: `title-${place}` }, make('span', { class: 'sign', 'aria-hidden': 'true' }, sign(mistake.fault)),
    sentence(words(mistake.fault)));
  return make('li', { class: 'card', tabindex: '-1', value: place, 'aria-labelledby': `title-${place}` },
    make('div', { class: 'head' }, make('span', { class: 'place', 'aria-hidden': 'true' }, count(place)), title, change, where),
    context(mistake), make('dl', { class: 'sides' }, ...SIDES.flatMap((side) => sideRow(mistake, side, filter))));
}
