// The figures and their charts. Rows and bars that stand for mistakes filter them: `filter` is told facets and values.

const MARKS = [
  { of: 'precision', title: 'Precision', short: 'P', y: 5 },
  { of: 'recall', title: 'Recall', short: 'R', y: 12 },
  { of: 'f1', title: 'F1', short: 'F1', y: 19 },
];

/** A circle, a square and a diamond, so that the three figures are told apart without colour. */
function marker(of) {
  if (of === 'precision') return draw('circle', { r: 2.75 });
  if (of === 'recall') return draw('rect', { x: -2.5, y: -2.5, width: 5, height: 5 });
  return draw('path', { d: 'M0-4.25 4.25 0 0 4.25-4.25 0z' });
}

function grid(height) {
  return [0, 0.25, 0.5, 0.75, 1].map((at) => draw('line', { class: 'grid', x1: percent(at), x2: percent(at), y1: 0, y2: height }));
}

/** Precision, recall and F1 as marks on their intervals, from 0 to 1. */
function marks(of) {
  const drawn = MARKS.filter((mark) => of[mark.of] !== null).flatMap((mark) => {
    const ends = of.interval?.[mark.of];
    const line = ends && draw('line', { class: `whisker ${mark.of}`, x1: percent(ends[0]), x2: percent(ends[1]), y1: mark.y, y2: mark.y });
    // A nested picture takes its place in per cent, which a path can't.
    const place = draw('svg', { class: mark.of, x: percent(of[mark.of]), y: mark.y, overflow: 'visible' }, marker(mark.of));
    return [...(line ? [line] : []), place];
  });
  return draw('svg', { class: 'plot', height: 24, 'aria-hidden': 'true' }, ...grid(24), ...drawn);
}

/** The head of a row: a button where the row stands for mistakes. */
function rowHead(text, filter, choice) {
  const head = choice ? make('button', { type: 'button', title: 'Show its mistakes' }, text) : text;
  if (choice) head.addEventListener('click', () => filter(choice));
  return make('th', { scope: 'row' }, head);
}

/** A table of counted things with a plot of their figures. */
function figureTable(what, rows, filter) {
  // The heads of the columns are the key of the plot too.
  const keys = MARKS.map((mark) => make('th', { scope: 'col', class: 'number', title: mark.title },
    draw('svg', { class: mark.of, width: 10, height: 10, viewBox: '-5 -5 10 10', 'aria-hidden': 'true' }, marker(mark.of)),
    make('span', { 'aria-hidden': 'true' }, mark.short), unseen(mark.title)));
  const head = [
    make('th', { scope: 'col' }, what), make('th', { scope: 'col', class: 'plotted' }, unseen('Plot'), scale('0', '0.5', '1')),
    ...keys, 'F1 within', 'Gold', 'Pred.',
  ];
  const body = rows.map(({ title, of, choice, sum }) => make('tr', sum ? { class: 'sum' } : {},
    rowHead(title, filter, choice), make('td', { class: 'plotted' }, marks(of)),
    ...numbers(figure(of.precision), figure(of.recall), figure(of.f1), range(of.interval?.f1), count(of.gold), count(of.predicted))));
  return table(head, body);
}

/** The roles, the core first; within both the most frequent first. */
function rolePanel(filter) {
  const { of, core: coreSum, all } = report.all.roles_by_entity;
  const rank = ([role, sum]) => [core.includes(role) ? 0 : 1, -sum.gold];
  const roles = Object.entries(of).sort((a, b) => rank(a)[0] - rank(b)[0] || rank(a)[1] - rank(b)[1]);
  const rows = [
    { title: 'Core roles', of: coreSum, sum: true },
    { title: 'All roles', of: all, sum: true },
    ...roles.map(([role, sum]) => ({ title: words(role), of: sum, choice: { role: [role] } })),
  ];
  return panel('Roles', 'Pairs of a person and a role. Lines are intervals; a role leads to its mistakes.', figureTable('Role', rows, filter));
}

function labelPanel(filter) {
  const { micro, of } = report.all.mentions.strict;
  const rows = (classes, facet) => Object.entries(classes).map(([title, sum]) => ({ title, of: sum, choice: { [facet]: [title] } }));
  const all = [{ title: 'All mentions', of: micro, sum: true }, ...rows(of, 'label'), ...rows(report.all.kinds, 'kind')];
  return panel('Mentions', 'Same ends and same label, by label and by how they refer.', figureTable('Label or kind', all, filter));
}

/** The reliability diagram: how many of the roles predicted with a score are right, beside the score. */
function reliabilityPanel(filter) {
  const { bins, expected_error: error } = report.calibration;
  const columns = bins.map((bin, at) => {
    const said = `score ${binName(at)}: ${counted(bin.predicted, 'role')} predicted, ${count(bin.right)} right`;
    const column = make('button', { type: 'button', title: sentence(said), 'aria-label': said }, make('span', { class: 'area' },
      make('span', { class: 'bar' }), ...(bin.predicted > 0 ? [make('span', { class: 'expected' })] : [])),
    make('span', { class: 'of' }, count(bin.predicted)), make('span', { class: 'end' }, bin.up_to.toFixed(1)));
    column.style.setProperty('--right', percent(bin.precision ?? 0));
    column.style.setProperty('--expected', percent(bin.mean_score ?? 0));
    column.disabled = bin.predicted === 0;
    column.addEventListener('click', () => filter({ score: [String(at)], fault: ['wrong_role', 'spurious_role'] }));
    return column;
  });
  const note = `Bars: share of predicted roles that are right. Lines: their mean score. Expected calibration error ${figure(error)}.`;
  return panel('How far role scores can be believed', note, make('div', { class: 'reliability' }, scale('1', '0.5', '0'), ...columns),
    make('p', { class: 'axis' }, 'roles predicted, by score up to'));
}

function groupPanel(field, groups, filter) {
  const measures = [
    ['Mentions', (of) => of.mentions.strict.micro.f1], ['Core roles', (of) => of.roles_by_entity.core.f1],
    ['All roles', (of) => of.roles_by_entity.all.f1], ['Links', (of) => of.b_cubed.people.f1],
  ];
  const cell = (value) => {
    const td = make('td', { class: 'number filled' }, figure(value));
    td.style.setProperty('--share', percent(value ?? 0));
    return td;
  };
  const rows = Object.entries(groups).map(([value, of]) => make('tr', {},
    rowHead(name(value), filter, { [groupKey(field)]: [value] }), ...numbers(count(of.articles)), ...measures.map(([, f1]) => cell(f1(of)))));
  const head = [make('th', { scope: 'col' }, sentence(words(field))), 'Articles', ...measures.map(([title]) => title)];
  return panel(`By ${words(field)}`, 'F1 of the articles of each; small groups say little.', table(head, rows));
}

/** The differences from the other run on one scale, zero in the middle. */
function comparisonPanel(filter) {
  const { figures } = report.comparison;
  const reach = Math.max(0.01, ...figures.flatMap(({ interval, difference }) => [...(interval ?? []), difference ?? 0]).map(Math.abs));
  const x = (value) => percent(0.5 + (0.48 * value) / reach);
  const plot = ({ difference, interval }) => {
    const parts = [draw('line', { class: 'zero', x1: '50%', x2: '50%', y1: 0, y2: 16 })];
    if (interval) parts.push(draw('line', { class: 'whisker f1', x1: x(interval[0]), x2: x(interval[1]), y1: 8, y2: 8 }));
    if (difference !== null) parts.push(draw('svg', { class: 'f1', x: x(difference), y: 8, overflow: 'visible' }, marker('f1')));
    return draw('svg', { class: 'plot', height: 16, 'aria-hidden': 'true' }, ...parts);
  };
  const rows = figures.map((of) => {
    const choice = Object.hasOwn(report.all.roles_by_entity.of, of.name) ? { role: [of.name] } : null;
    // An interval without zero is one in words too, since colour and place alone don't reach everyone.
    const clear = of.interval !== null && of.interval[0] * of.interval[1] > 0;
    const within = of.interval ? `${signed(of.interval[0])} to ${signed(of.interval[1])}` : '';
    return make('tr', clear ? { class: 'clear' } : {}, rowHead(words(of.name), filter, choice),
      ...numbers(figure(of.f1), figure(of.other), signed(of.difference), within, of.p_value === null ? '' : of.p_value.toFixed(3)),
      make('td', { class: 'plotted' }, plot(of)));
  });
  const head = [
    make('th', { scope: 'col' }, 'Figure'), 'This F1', 'Other F1', 'Difference', 'Within', 'p',
    make('th', { scope: 'col', class: 'plotted' }, unseen('Plot'), scale('worse', '0', 'better')),
  ];
  return panel('Differences from the other run', 'Both resampled alike. In bold: the interval leaves out zero.', table(head, rows));
}

/** The figures that matter most, and what they were in the other run. */
function headlines() {
  const { all } = report;
  const tiles = [
    ['Mentions', 'same ends and label', all.mentions.strict.micro, 'mentions, strict'],
    ['Core roles', 'by entity', all.roles_by_entity.core, 'roles by entity, core'],
    ['All roles', 'by entity', all.roles_by_entity.all, 'roles by entity, all'],
    ['Links of people', 'B-cubed', all.b_cubed.people, 'links of people, B-cubed'],
    ['People whole', 'all mentions, no other', all.exact_entities.people, 'exact entities, people'],
    ['Relations', 'of two entities', all.relations.micro, 'relations'],
  ];
  return tiles.map(([title, note, of, key]) => {
    const compared = report.comparison?.figures.find((figure) => figure.name === key);
    return make('div', { class: 'tile' },
      make('dt', {}, title, make('span', { class: 'note' }, note)),
      make('dd', {}, make('span', { class: 'big' }, unseen('F1 '), figure(of.f1)),
        make('span', { class: 'within' }, unseen('within '), range(of.interval?.f1)),
        make('span', { class: 'pair' }, unseen('precision, recall '), make('span', { 'aria-hidden': 'true' }, 'P '), figure(of.precision),
          make('span', { 'aria-hidden': 'true' }, ' R'), ' ', figure(of.recall),
          compared ? make('b', {}, ` ${signed(compared.difference)}`, unseen(' against the other run')) : null)));
  });
}

/** Draws all of it. */
function showFigures(filter) {
  byId('headlines').append(...headlines());
  // A field with one value parts nothing.
  const groups = Object.entries(report.groups).filter(([, values]) => Object.keys(values).length > 1);
  const groupPanels = groups.map(([field, values]) => groupPanel(field, values, filter));
  const column = (...panels) => make('div', { class: 'column' }, ...panels);
  if (report.comparison === null) {
    byId('panels').append(column(rolePanel(filter)), column(reliabilityPanel(filter)));
    byId('more-panels').append(column(labelPanel(filter)), column(...groupPanels));
  } else {
    // The differences are a long table, beside which there is room for the groups.
    byId('panels').append(column(rolePanel(filter), comparisonPanel(filter)), column(reliabilityPanel(filter), ...groupPanels));
    byId('more-panels').append(column(labelPanel(filter)));
  }
}
