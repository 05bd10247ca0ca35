// Who is who in an article: a card a person, with roles, scores and the words that prove them; places and bodies in short; warnings.

/** How much of the text is shown around a proof, in units of a string. */
const AROUND = 44;

const oneLine = (text) => text.replace(/\s+/g, ' ');

/** The words around a stretch, from and to the ends of words where they are near. */
function around(text, start, end) {
  const cleanCut = (piece) => piece.replace(/^[\udc00-\udfff]|[\ud800-\udbff]$/g, '');
  let before = cleanCut(text.slice(Math.max(0, start - AROUND), start));
  let after = cleanCut(text.slice(end, end + AROUND));
  if (start > AROUND) before = `…${before.replace(/^\S*\s+(?=\S)/u, '')}`;
  if (end + AROUND < text.length) after = `${after.replace(/(?<=\S)\s+\S*$/u, '')}…`;
  return [oneLine(before), oneLine(after)];
}

/** A button with words of the text, which leads there. */
function quote(record, { start, end }, go) {
  const [before, after] = around(record.text, start, end);
  const button = make('button', { type: 'button', class: 'quote', title: 'Show it in the text', dir: 'auto' },
    before, make('b', {}, oneLine(record.text.slice(start, end))), after);
  button.addEventListener('click', () => go(`${start}-${end}`, button));
  return button;
}

/** Proofs that are the same words stand together, with all their rules. */
function proofsOfRole(evidence) {
  const proofs = new Map();
  evidence.forEach((proof) => {
    const key = `${proof.start}-${proof.end}`;
    if (!proofs.has(key)) proofs.set(key, { ...proof, rules: [] });
    if (!proofs.get(key).rules.includes(proof.rule)) proofs.get(key).rules.push(proof.rule);
  });
  return [...proofs.values()];
}

function ruleButton(rule, acts) {
  const button = make('button', { type: 'button', class: 'rule', title: 'Show articles where this rule fired' }, rule);
  button.addEventListener('click', () => acts.filter('rule', rule));
  return button;
}

/** Signs beside the words, so that a status is told at a glance and without colour. */
const STATUS_SIGNS = { predicted: '○', accepted: '✓', corrected: '✎', rejected: '✗' };

function roleItem(record, entity, role, acts) {
  const score = make('span', { class: 'score' }, unseen('score '), role.score.toFixed(2));
  const meter = make('span', { class: 'meter', 'aria-hidden': 'true' }, make('span', { class: 'fill' }));
  meter.style.setProperty('--share', percent(role.score));
  const status = make('span', { class: `status ${role.status}` },
    make('span', { 'aria-hidden': 'true' }, `${STATUS_SIGNS[role.status] ?? ''} `), role.status);
  const proofs = proofsOfRole(role.evidence).map((proof) => make('li', {}, quote(record, proof, acts.toProof),
    make('span', { class: 'rules' }, ...proof.rules.map((rule) => ruleButton(rule, acts)))));
  const item = make('li', { class: `given ${role.status}` },
    make('div', { class: 'what' }, make('span', { class: 'role-name' }, words(role.role)), status, make('span', { class: 'sure' }, meter, score)),
    make('ul', { class: 'proofs', 'aria-label': `Proofs of ${words(role.role)}` }, ...proofs));
  acts.roles.push({ item, entity, role });
  return item;
}

/** The mentions of an entity, each a button that leads to it, and why it was joined: made when they are asked for. */
function mentionList(record, entity, acts) {
  const list = make('ul');
  const details = make('details', { class: 'all' }, make('summary', {}, counted(entity.mentions.length, 'mention')), list);
  details.addEventListener('toggle', () => {
    if (list.childElementCount > 0) return;
    const why = new Map(entity.links.map((link) => [link.mention, link.why]));
    const own = new Set(entity.mentions);
    list.append(...record.spans.filter((span) => own.has(span.id)).map((span) => {
      const button = make('button', { type: 'button', class: 'to', title: 'Show it in the text' }, name(oneLine(span.text)));
      button.addEventListener('click', () => acts.toMention(span.id, button));
      const joined = why.has(span.id) ? `, joined: ${words(why.get(span.id))}` : '';
      return make('li', {}, button, make('small', {}, ` ${span.kind}, ${span.source} ${span.score.toFixed(2)}${joined}`));
    }));
  });
  return details;
}

function relationItems(record, entity, acts) {
  const of = (id) => record.entities.findIndex((other) => other.id === id);
  return record.relations.filter(({ from, to }) => from === entity.id || to === entity.id).map((relation) => {
    const isFrom = relation.from === entity.id;
    const other = of(isFrom ? relation.to : relation.from);
    const link = entityButton(record, other, acts);
    const said = isFrom ? [`${words(relation.type)} → `, link] : [link, ` ${words(relation.type)} → this one`];
    return make('li', { class: 'relation' }, ...said, quote(record, relation.evidence, acts.toProof));
  });
}

/** A number and a name that lead to the card, or the first mention, of an entity. */
function entityButton(record, at, acts) {
  const entity = record.entities[at];
  const button = make('button', { type: 'button', class: 'to' }, badge(at, entity.label), ' ', name(oneLine(entity.name)));
  button.addEventListener('click', () => acts.toEntity(at, button));
  return button;
}

const badge = (at, label) => make('span', { class: `badge ${labelClass(label)}` }, `${at + 1}`);

function personCard(record, at, acts) {
  const entity = record.entities[at];
  const title = make('button', { type: 'button', class: 'who', title: 'Show the next mention in the text' },
    badge(at, entity.label), ' ', name(oneLine(entity.name)));
  title.addEventListener('click', () => acts.toNext(at, title));
  const kind = make('span', { class: `tag ${labelClass(entity.label)}` }, entity.label);
  const roles = entity.roles.map((role) => roleItem(record, entity, role, acts));
  const relations = relationItems(record, entity, acts);
  const card = make('li', { class: `person${roles.length === 0 ? ' without' : ''}`, id: `entity-${at + 1}` },
    make('div', { class: 'name' }, make('h4', {}, title), kind, entity.anonymised ? make('small', {}, 'anonymised') : null),
    roles.length === 0 ? null : make('ul', { 'aria-label': 'Roles' }, ...roles),
    relations.length === 0 ? null : make('ul', { 'aria-label': 'Relations' }, ...relations),
    mentionList(record, entity, acts));
  card.dataset.entity = at + 1;
  return card;
}

const GROUPS = new Map([['ORG', 'Organisations'], ['LOC', 'Places'], ['MISC', 'Other names']]);

/** Entities that are nobody: in a line a label. */
function others(record, places, acts) {
  const groups = new Map();
  places.forEach((at) => {
    const { label } = record.entities[at];
    if (!groups.has(label)) groups.set(label, []);
    groups.get(label).push(at);
  });
  return [...groups].flatMap(([label, members]) => [
    make('h3', {}, GROUPS.get(label) ?? label, make('small', {}, ` ${count(members.length)}`)),
    make('ul', { class: 'others' }, ...members.map((at) => {
      const item = make('li', {}, entityButton(record, at, acts), make('small', {}, ` ×${record.entities[at].mentions.length}`));
      item.dataset.entity = at + 1;
      return item;
    })),
  ]);
}

function warningItem(record, warning, acts) {
  const about = warning.entities.map((id) => entityButton(record, record.entities.findIndex((entity) => entity.id === id), acts));
  const code = make('button', { type: 'button', class: 'rule', title: 'Show articles with this warning' }, warning.code);
  code.addEventListener('click', () => acts.filter('warning', warning.code));
  return make('li', { class: 'warning' }, make('span', { 'aria-hidden': 'true' }, '⚠ '), name(warning.message), ' ', code, ' ',
    ...about.flatMap((button) => [button, ' ']));
}

/** All of it, for the side of the text. */
function drawPeople(record, acts) {
  const places = record.entities.map((_, at) => at);
  const isPerson = (at) => personLabels.has(record.entities[at].label) || record.entities[at].roles.length > 0;
  const hasRole = (at) => record.entities[at].roles.length > 0;
  const people = [...places.filter((at) => hasRole(at)), ...places.filter((at) => isPerson(at) && !hasRole(at))];
  const warnings = record.warnings.map((warning) => warningItem(record, warning, acts));
  return [
    warnings.length === 0 ? null : make('ul', { 'aria-label': 'Warnings' }, ...warnings),
    make('h3', {}, 'People', make('small', {}, ` ${count(people.length)}`)),
    people.length === 0 ? make('p', { class: 'note' }, 'Nobody was found in this article.')
      : make('ul', { class: 'cards', 'aria-label': 'People' }, ...people.map((at) => personCard(record, at, acts))),
    ...others(record, places.filter((at) => !isPerson(at)), acts),
  ].filter((part) => part !== null);
}
