// Figures of what is found: tiles, roles, scores, rules, warnings. Bars filter; each panel is a table, or has one beside it.

/** Rows of a panel that are shown before all are asked for. */
const ROWS = 12;
const unfolded = new Set();

function tile(title, value, note = '') {
  const about = note === '' ? null : make('span', { class: 'within' }, note);
  return make('div', { class: 'tile' }, make('dt', {}, title), make('dd', {}, make('span', { class: 'big' }, value), about));
}

/** A cell with a number, and a bar as long as the number is of the most. */
function bar(number, most, text = count(number)) {
  const cell = make('td', { class: 'plotted bars' }, make('span', { class: 'length', 'aria-hidden': 'true' }), make('span', { class: 'number' }, text));
  cell.style.setProperty('--share', percent(most === 0 ? 0 : number / most));
  return cell;
}

/** The mean of scores as a dot on a line from 0 to 1. */
function dot(mean) {
  const line = draw('svg', { class: 'plot', height: 14, 'aria-hidden': 'true' },
    ...[0, 0.5, 1].map((at) => draw('line', { class: 'grid', x1: percent(at), x2: percent(at), y1: 0, y2: 14 })),
    draw('line', { class: 'stem', x1: 0, x2: percent(mean), y1: 7, y2: 7 }),
    draw('circle', { class: 'dot', cx: percent(mean), cy: 7, r: 3.5 }));
  return [make('td', { class: 'plotted mean' }, line), make('td', { class: 'number' }, mean.toFixed(2))];
}

/** The head of a row: a button that filters by it, and takes that back. */
function choiceHead(facet, value, acts) {
  const isChosen = facet.chosen.has(value);
  const title = isChosen ? 'Do not filter by it' : 'Filter by it';
  const button = make('button', { type: 'button', 'aria-pressed': `${isChosen}`, title }, name(facet.show(value)));
  button.addEventListener('click', () => acts.toggle(facet.key, value));
  return make('th', { scope: 'row', class: isChosen ? 'chosen' : undefined }, button);
}

/** A panel of the rows that count something, the first of them until all are asked for. */
function countedPanel({ title, note, facet, head, values, cells }, acts) {
  const all = [...values].filter(([, number]) => number > 0).sort((a, b) => b[1] - a[1]);
  const rows = unfolded.has(facet.key) ? all : all.slice(0, ROWS);
  const most = all.length === 0 ? 0 : all[0][1];
  const body = rows.map(([at, number]) => make('tr', {}, choiceHead(facet, facet.list[at], acts), ...cells(at, number, most)));
  const more = make('button', { type: 'button', class: 'more' }, unfolded.has(facet.key) ? `The first ${ROWS}` : `All ${count(all.length)}`);
  more.addEventListener('click', () => acts.unfold(facet.key));
  if (all.length === 0) return panel(title, note, make('p', { class: 'note' }, 'None.'));
  return panel(title, note, table(head, body), all.length > ROWS ? more : null);
}

const column = (text) => make('th', { scope: 'col' }, text);
const entriesOf = (counts) => [...counts].map((number, at) => [at, number]);

function rolePanel({ roles, sums }, acts) {
  return countedPanel({
    title: 'Roles', note: 'How many have it, and the mean of the scores.', facet: facets[0], values: entriesOf(roles),
    head: [column('Role'), column('Given'), make('th', { scope: 'col', class: 'plotted' }, unseen('Plot of the mean'), scale('0', '0.5', '1')), 'Mean'],
    cells: (at, number, most) => [bar(number, most), ...dot(sums[at] / number / 1000)],
  }, acts);
}

function rulePanel({ rules }, acts) {
  return countedPanel({
    title: 'Rules', note: 'Roles that each rule helped to prove.', facet: facets[1], values: entriesOf(rules),
    head: [column('Rule'), column('Roles')], cells: (_, number, most) => [bar(number, most)],
  }, acts);
}

function warningPanel({ warnings }, acts) {
  return countedPanel({
    title: 'Warnings', note: 'What a reviewer should look at.', facet: facets[4], values: entriesOf(warnings),
    head: [column('Warning'), column('Warnings')], cells: (_, number, most) => [bar(number, most)],
  }, acts);
}

function labelPanel({ entities }, acts) {
  return countedPanel({
    title: 'Entities', note: 'People, organisations and places, by label.', facet: facets[2], values: entriesOf(entities),
    head: [column('Label'), column('Entities')], cells: (_, number, most) => [bar(number, most)],
  }, acts);
}

const binFrom = (at) => (at * 1000) / BINS;
const binTo = (at) => (at === BINS - 1 ? 1000 : binFrom(at + 1) - 1);
const binName = (at) => `${(binFrom(at) / 1000).toFixed(2)} to ${(binTo(at) / 1000).toFixed(3).replace(/0$/, '')}`;

/** How many roles have which score: bars that filter, and the same as a table. */
function scorePanel({ bins }, acts) {
  const most = Math.max(...bins);
  const columns = [...bins].map((number, at) => {
    const isIn = binFrom(at) >= scores.from && binTo(at) <= scores.to;
    const said = `Score ${binName(at)}: ${counted(number, 'role')}`;
    const button = make('button', { type: 'button', title: said, 'aria-label': said, 'aria-pressed': `${isIn && !isAnyScore()}`, class: isIn ? 'in' : 'out' },
      make('span', { class: 'area' }, make('span', { class: 'bar' })), make('span', { class: 'of' }, number === 0 ? '' : count(number)));
    button.style.setProperty('--right', percent(most === 0 ? 0 : number / most));
    button.disabled = number === 0;
    button.addEventListener('click', () => acts.score(binFrom(at), binTo(at)));
    return button;
  });
  const rows = [...bins].map((number, at) => make('tr', {}, make('th', { scope: 'row' }, binName(at)), make('td', { class: 'number' }, count(number))));
  const asTable = make('details', {}, make('summary', {}, 'As a table'), table([column('Score'), 'Roles'], rows));
  return panel('Scores', 'Roles by score.', make('div', { class: 'histogram' }, ...columns),
    make('p', { class: 'scale axis', 'aria-hidden': 'true' }, ...['0', '0.25', '0.5', '0.75', '1'].map((text) => make('span', {}, text))), asTable);
}

/** What the articles were made by. */
function runPanel() {
  const short = (hash) => hash.replace(/^(sha256:.{10}).*/, '$1…');
  const rows = facts.runs.map((run) => make('tr', {}, make('th', { scope: 'row' }, name(run.tool)),
    ...[short(run.model), short(run.rules), run.precision].map((value) => make('td', {}, make('code', {}, value))),
    make('td', { class: 'number' }, count(run.articles))));
  const wide = table([column('Program'), column('Model'), column('Rules'), column('Precision'), 'Articles'], rows);
  // There is no button in it by which a key could scroll it.
  wide.tabIndex = 0;
  return panel('Made by', 'Over all articles of the page.', wide);
}

/** Draws all of it. */
function drawFigures(figures, acts) {
  const of = (number, all) => (number === all ? '' : `of ${count(all)}`);
  const tiles = make('dl', { class: 'tiles' },
    tile('Articles', count(state.found.length), of(state.found.length, facts.articles)),
    tile('People', count(figures.people)),
    tile('Roles', count(figures.given), figures.given === 0 ? '' : `mean score ${(figures.sum / figures.given / 1000).toFixed(2)}`),
    tile('Mentions', count(figures.mentions)),
    tile('Warnings', count(figures.warned)));
  const side = (...panels) => make('div', { class: 'column' }, ...panels);
  byId('figures').replaceChildren(make('h2', { class: 'unseen' }, 'Figures'), tiles, make('div', { class: 'panels' },
    side(rolePanel(figures, acts), scorePanel(figures, acts), labelPanel(figures, acts)), side(rulePanel(figures, acts), warningPanel(figures, acts), runPanel())));
}
