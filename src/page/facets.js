// Filters: a group of check boxes a facet, each a bar of how much it would show.

/** Values shown before more are asked for, and how many more are. */
const FIRST = 8;
const MORE = 40;

/** The values of a facet that were counted, the most frequent first. */
function frequent(facet, tally) {
  const order = facet.inOrder ? (a, b) => Number(b[0]) - Number(a[0]) : (a, b) => b[1] - a[1] || (a[0] < b[0] ? -1 : 1);
  return [...tally].sort(order).map(([value]) => value);
}

/** A facet's group. Gives what shows new counts in it. */
function facetGroup(facet, values, changed) {
  const boxes = new Map();
  const left = [...values];
  const rows = make('div', { class: 'rows' });
  const more = make('button', { type: 'button', class: 'more' });
  let tally = new Map();
  let most = 1;

  function update(value) {
    const { box, row, number } = boxes.get(value);
    const own = tally.get(value) ?? 0;
    box.checked = facet.chosen.has(value);
    number.textContent = count(own);
    row.classList.toggle('none', own === 0);
    row.style.setProperty('--share', percent(own / most));
  }

  function add(from, number) {
    left.splice(from, number).forEach((value) => {
      const box = make('input', { type: 'checkbox' });
      const shown = make('span', { class: 'number' });
      const row = make('label', { class: 'row' }, box, make('span', { class: 'value', title: facet.show(value) }, name(facet.show(value))), shown);
      box.addEventListener('change', () => {
        if (box.checked) facet.chosen.add(value);
        else facet.chosen.delete(value);
        changed();
      });
      boxes.set(value, { box, row, number: shown });
      rows.append(row);
      update(value);
    });
    more.textContent = `${count(left.length)} more`;
    more.hidden = left.length === 0;
  }

  more.addEventListener('click', () => {
    const first = left[0];
    add(0, MORE);
    boxes.get(first).box.focus();
  });
  // Ten of a kind are shown whole rather than eight and "2 more".
  add(0, values.length <= FIRST + 4 ? values.length : FIRST);
  byId('facets').append(make('fieldset', { class: 'facet' }, make('legend', {}, facet.title), rows, more));
  return (newTally) => {
    tally = newTally;
    most = 1;
    tally.forEach((number) => { most = Math.max(most, number); });
    // What is chosen can be taken back here, too, however seldom it is.
    facet.chosen.forEach((value) => { if (left.includes(value)) add(left.indexOf(value), 1); });
    [...boxes.keys()].forEach(update);
  };
}

/**
 * Makes all groups, of the counts of each facet's values when nothing is filtered; gives what shows new counts in them. A facet
 * has a key, a title, the set of its chosen values, how to show a value, and whether its values have an order of their own.
 */
function makeFacets(facets, all, changed) {
  const updates = facets.map((facet, f) => (all[f].size === 0 ? () => {} : facetGroup(facet, frequent(facet, all[f]), changed)));
  return (tallies) => tallies.forEach((tally, f) => updates[f](tally));
}

/** The filters in force, each a button that takes it away. */
function showChosen(facets, changed) {
  const chips = facets.flatMap((facet) => [...facet.chosen].map((value) => {
    const chip = make('button', { type: 'button', class: 'chip' }, `${facet.title}: `, name(facet.show(value)), unseen(' (remove)'), make('span', { 'aria-hidden': 'true' }, ' ×'));
    chip.addEventListener('click', () => {
      facet.chosen.delete(value);
      changed();
      byId('list').focus({ preventScroll: true });
    });
    return make('li', {}, chip);
  }));
  byId('chosen').replaceChildren(...chips);
}
