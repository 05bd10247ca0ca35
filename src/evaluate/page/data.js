// What rolecall wrote into the page, and by what mistakes are filtered.

const mistakes = JSON.parse(byId('mistakes').textContent);
const { names, left_out: leftOut, core, report } = JSON.parse(byId('report').textContent);

const sides = (mistake) => [mistake.gold, mistake.predicted].filter((side) => side !== null);

/** What either side says, each value once. */
const either = (mistake, of) => [...new Set(sides(mistake).flatMap(of))];

const isRelation = (mistake) => mistake.fault.endsWith('_relation');
const hasRules = (mistake) => mistake.fault.endsWith('_role');
const rulesOf = (mistake) => (mistake.predicted === null ? [] : [...new Set(mistake.predicted.rules)]);

/** The bin that a score falls into, as the calibration has them: every bin holds its upper end, the first one 0 too. */
function binOf(score) {
  const at = report.calibration.bins.findIndex((bin) => score <= bin.up_to);
  return String(at < 0 ? report.calibration.bins.length - 1 : at);
}

function binName(at) {
  const bin = report.calibration.bins[Number(at)];
  return `${bin.above.toFixed(1)}–${bin.up_to.toFixed(1)}`;
}

// By what mistakes can be filtered: `of` gives the values that a mistake has, `show` how a value is written.
const facets = [
  { key: 'change', title: 'Change', of: (mistake) => (mistake.change === null ? [] : [mistake.change]), show: words },
  { key: 'fault', title: 'Mistake', of: (mistake) => [mistake.fault], show: words },
  {
    key: 'role',
    title: 'Role',
    of: (mistake) => (isRelation(mistake) ? [] : either(mistake, (side) => side.role ?? [])),
    show: words,
  },
  {
    key: 'relation',
    title: 'Relation',
    of: (mistake) => (isRelation(mistake) ? either(mistake, (side) => side.role ?? []) : []),
    show: words,
  },
  { key: 'label', title: 'Label', of: (mistake) => either(mistake, (side) => side.label) },
  { key: 'kind', title: 'Kind', of: (mistake) => either(mistake, (side) => side.kind) },
  { key: 'rule', title: 'Rule that fired', of: (mistake) => (hasRules(mistake) ? rulesOf(mistake) : []) },
  { key: 'layer', title: 'Mention found by', of: (mistake) => (hasRules(mistake) ? [] : rulesOf(mistake)) },
  {
    key: 'score',
    title: 'Score',
    of: (mistake) => (typeof mistake.predicted?.score === 'number' ? [binOf(mistake.predicted.score)] : []),
    show: binName,
    inOrder: true,
  },
  ...Object.keys(report.groups).map((field) => ({
    key: groupKey(field),
    title: sentence(words(field)),
    of: (mistake) => (Object.hasOwn(mistake.groups, field) ? [mistake.groups[field]] : []),
  })),
  { key: 'article', title: 'Article', of: (mistake) => [mistake.id] },
].map((facet) => ({ show: (value) => value, inOrder: false, chosen: new Set(), ...facet }));

function groupKey(field) {
  return `by.${field}`;
}

const facetOf = (key) => facets.find((facet) => facet.key === key);

// The values of every mistake, a list a facet: taken once, since every keystroke goes through all of them.
const valuesOf = mistakes.map((mistake) => facets.map((facet) => facet.of(mistake)));

const haystacks = new Map();

/** All words of a mistake, in small letters; made when it is first searched. */
function haystack(at) {
  if (!haystacks.has(at)) {
    const mistake = mistakes[at];
    const said = sides(mistake).flatMap((side) => [
      ...side.names,
      ...side.rules,
      side.label,
      words(side.role ?? ''),
      ...[...side.places, ...side.evidence].map((place) => place.text),
    ]);
    haystacks.set(at, [mistake.id, words(mistake.fault), ...said, mistake.context.text].join('\n').toLowerCase());
  }
  return haystacks.get(at);
}

/**
 * The mistakes that hold all words sought and, in every facet with chosen values, one of them. Counts the values of each facet
 * among the mistakes that the other facets let through: what choosing it would show.
 */
function filtered(sought) {
  const needles = sought.toLowerCase().split(/\s+/).filter((word) => word !== '');
  const tallies = facets.map(() => new Map());
  const found = [];
  valuesOf.forEach((values, at) => {
    if (!needles.every((needle) => haystack(at).includes(needle))) return;
    const against = facets.flatMap(({ chosen }, f) => (chosen.size > 0 && !values[f].some((v) => chosen.has(v)) ? [f] : []));
    if (against.length === 0) found.push(at);
    facets.forEach((_, f) => {
      if (against.length > 1 || (against.length === 1 && against[0] !== f)) return;
      values[f].forEach((value) => tallies[f].set(value, (tallies[f].get(value) ?? 0) + 1));
    });
  });
  return { found, tallies };
}

const scoreOf = (at) => mistakes[at].predicted?.score ?? null;

/** Puts mistakes into order; those without a score come last. */
function ordered(found, order) {
  if (order === 'text') return found;
  const sign = order === 'sure' ? -1 : 1;
  const rank = (at) => (scoreOf(at) === null ? Infinity : sign * scoreOf(at));
  return found.map((at) => [rank(at), at]).sort((a, b) => (a[0] === b[0] ? a[1] - b[1] : a[0] < b[0] ? -1 : 1)).map((pair) => pair[1]);
}
