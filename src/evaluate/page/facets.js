// The filters: a group of check boxes a facet, each a bar of how many mistakes it would show.

/** Values shown before more are asked for, and how many more are. */
const FIRST = 8;
const MORE = 40;

/** The values of every facet, the most frequent first. */
function frequencies() {
  return filtered('').tallies.map((tally, f) => {
    const order = facets[f].inOrder ? (a, b) => Number(b[0]) - Number(a[0]) : (a, b) => b[1] - a[1] || (a[0] < b[0] ? -1 : 1);
    return [...tally].sort(order).map(([value]) => value);
  });
}

/** A facet's group. Gives what shows new counts in it. */
function facetGroup(facet, values, changed) {
  const boxes = new Map();
  const rows = make('div', { class: 'rows' });
  const more = make('button', { type: 'button', class: 'more' });
  let tally = new Map();

  function update(value) {
    const { box, row, number } = boxes.get(value);
    const most = Math.max(1, ...tally.values());
    const own = tally.get(value) ?? 0;
    box.checked = facet.chosen.has(value);
    number.textContent = count(own);
    row.classList.toggle('none', own === 0);
    row.style.setProperty('--share', percent(own / most));
  }

  function add(number) {
    values.slice(boxes.size, boxes.size + number).forEach((value) => {
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
    more.textContent = `${count(values.length - boxes.size)} more`;
    more.hidden = boxes.size === values.length;
  }

  more.addEventListener('click', () => {
    const at = boxes.size;
    add(MORE);
    boxes.get(values[at]).box.focus();
  });
  // Ten of a kind are shown whole rather than eight and "2 more".
  add(values.length <= FIRST + 4 ? values.length : FIRST);
  byId('facets').append(make('fieldset', { class: 'facet' }, make('legend', {}, facet.title), rows, more));
  return (newTally) => {
    tally = newTally;
    [...boxes.keys()].forEach(update);
  };
}

/** Makes all groups; gives what shows new counts in them. */
function makeFacets(changed) {
  const all = frequencies();
  const updates = facets.map((facet, f) => (all[f].length === 0 ? () => {} : facetGroup(facet, all[f], changed)));
  return (tallies) => tallies.forEach((tally, f) => updates[f](tally));
}

/** The filters in force, each a button that takes it away. */
function showChosen(changed) {
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
