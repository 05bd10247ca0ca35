// What articles are filtered by, and the counting that filters and figures show.

const byWords = (key, title, list, show) => ({ key, title, list, show, chosen: new Set(), inOrder: false });
const plainly = (value) => value;

// All but the last are said of roles and who has them: an article is found when one of its roles is all that is asked for.
const facets = [
  byWords('role', 'Role', dictionary.roles, words),
  byWords('rule', 'Rule', dictionary.rules, plainly),
  byWords('label', 'Label', dictionary.labels, plainly),
  byWords('status', 'Status of the role', dictionary.statuses, words),
  byWords('warning', 'Warning', dictionary.warnings, words),
];
const [ROLE, RULE, LABEL, STATUS, WARNING, SCORE] = [1, 2, 4, 8, 16, 32];

/** The scores asked for, in thousandths. Whoever has no role has no score. */
const scores = { from: 0, to: 1000 };
const BINS = 20;
const isAnyScore = () => scores.from === 0 && scores.to === 1000;
const isFiltered = () => !isAnyScore() || facets.some((facet) => facet.chosen.size > 0);

/** Of each number of a word whether it is chosen; null where nothing is, and so everything may be. */
function wanted({ list, chosen }) {
  return chosen.size === 0 ? null : Uint8Array.from(list, (word) => (chosen.has(word) ? 1 : 0));
}

/** The figures of the roles that are found. */
function newFigures() {
  const zeros = (length) => new Float64Array(length);
  const { roles, rules, labels, warnings } = dictionary;
  return {
    roles: zeros(roles.length), sums: zeros(roles.length), rules: zeros(rules.length), bins: zeros(BINS),
    entities: zeros(labels.length), warnings: zeros(warnings.length), people: 0, mentions: 0, given: 0, sum: 0, warned: 0,
  };
}

/** Whether a number has one bit at most, and that is `bit`: nothing else speaks against it. */
const only = (bits, bit) => (bits & ~bit) === 0;

/** What speaks against a row, a bit a filter. */
function against(at, [roles, rules, labels, statuses]) {
  const role = row.role[at];
  let bits = 0;
  if (roles !== null && (role === NONE || !roles[role])) bits |= ROLE;
  if (labels !== null && !labels[row.label[at]]) bits |= LABEL;
  if (statuses !== null && (role === NONE || !statuses[row.status[at]])) bits |= STATUS;
  if (!isAnyScore() && (role === NONE || row.score[at] < scores.from || row.score[at] > scores.to)) bits |= SCORE;
  if (rules !== null) {
    let fired = false;
    for (let rule = row.firstRule[at]; rule < row.firstRule[at + 1]; rule += 1) fired ||= rules[row.rules[rule]] === 1;
    if (!fired) bits |= RULE;
  }
  return bits;
}

/**
 * The articles that are let through, of those that a search found (null: of all), with how many articles each value of a facet would show
 * if the facet's own choice were not, and figures of roles that leave out a filter of their own kind alike.
 */
function filtered(isFound) {
  const want = facets.map(wanted);
  const stamps = facets.map(({ list }) => new Int32Array(list.length).fill(NONE));
  const tallies = facets.map(({ list }) => new Int32Array(list.length));
  const figures = newFigures();
  const found = [];
  const isAnything = isAnyScore() && want.slice(0, 4).every((one) => one === null);
  const tally = (facet, value, article) => {
    if (stamps[facet][value] === article) return;
    stamps[facet][value] = article;
    tallies[facet][value] += 1;
  };
  const tallyRow = (at, bits, article) => {
    const role = row.role[at];
    if (only(bits, LABEL)) tally(2, row.label[at], article);
    if (role === NONE) return;
    if (only(bits, STATUS)) tally(3, row.status[at], article);
    if (only(bits, SCORE)) figures.bins[Math.min(BINS - 1, Math.floor((row.score[at] * BINS) / 1000))] += 1;
    if (only(bits, ROLE)) {
      tally(0, role, article);
      figures.roles[role] += 1;
      figures.sums[role] += row.score[at];
    }
    if (!only(bits, RULE)) return;
    for (let rule = row.firstRule[at]; rule < row.firstRule[at + 1]; rule += 1) {
      figures.rules[row.rules[rule]] += 1;
      tally(1, row.rules[rule], article);
    }
  };
  for (let article = 0; article < index.ids.length; article += 1) {
    if (isFound !== null && !isFound[article]) continue;
    const warnings = index.warnings[article];
    const own = want[4] === null || warnings.some((warning) => want[4][warning]) ? 0 : WARNING;
    // An article in which nobody is named is shown as long as nothing is asked of roles.
    let passes = row.first[article] === row.first[article + 1] && isAnything;
    let last = NONE;
    for (let at = row.first[article]; at < row.first[article + 1]; at += 1) {
      const bits = against(at, want);
      passes ||= bits === 0;
      // Most rows are out for two reasons or more, and count for nothing.
      const all = bits | own;
      if ((all & (all - 1)) === 0) tallyRow(at, all, article);
      if (only(all, LABEL) && row.entity[at] !== last) {
        last = row.entity[at];
        figures.entities[row.label[at]] += 1;
      }
      if (all !== 0 || row.role[at] === NONE) continue;
      figures.given += 1;
      figures.sum += row.score[at];
    }
    if (!passes) continue;
    warnings.forEach((warning) => {
      tally(4, warning, article);
      figures.warnings[warning] += 1;
    });
    if (own !== 0) continue;
    found.push(article);
    figures.warned += warnings.length;
    figures.mentions += index.mentions[article];
    figures.people += index.people[article];
  }
  return { found, figures, tallies: tallies.map((counts, facet) => named(counts, facets[facet].list)) };
}

/** Counts by words rather than by their numbers, without those that are 0. */
function named(counts, list) {
  const result = new Map();
  counts.forEach((number, at) => { if (number > 0) result.set(list[at], number); });
  return result;
}

const rankings = {
  id: (a, b) => (index.ids[a] < index.ids[b] ? -1 : index.ids[a] > index.ids[b] ? 1 : 0),
  // Two articles without a role are as good as each other: Infinity less itself is no number.
  unsure: (a, b) => (index.least[a] === index.least[b] ? 0 : index.least[a] - index.least[b]),
  warnings: (a, b) => index.warnings[b].length - index.warnings[a].length,
  roles: (a, b) => index.roles[b] - index.roles[a],
};

/** Puts articles into order. Sorting is stable: those alike stay as they were given. */
function ordered(found, order) {
  return Object.hasOwn(rankings, order) ? [...found].sort(rankings[order]) : found;
}
