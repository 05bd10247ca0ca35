// What rolecall wrote into the page: what it says of itself, an index of all articles, and the articles, unpacked as they are needed.

const facts = JSON.parse(byId('facts').textContent);
const dictionary = facts.words;

/** The bytes that a text in base 64 stands for. */
function bytes(text) {
  if (Uint8Array.fromBase64) return Uint8Array.fromBase64(text);
  const letters = atob(text);
  const result = new Uint8Array(letters.length);
  for (let at = 0; at < letters.length; at += 1) result[at] = letters.charCodeAt(at);
  return result;
}

/** The values that were packed into the element of this id. */
async function unpacked(id) {
  const stream = new Blob([bytes(byId(id).textContent)]).stream().pipeThrough(new DecompressionStream('deflate-raw'));
  return JSON.parse(await new Response(stream).text());
}

/**
 * The index in columns: filters go through every role of every article at each click. A row is an entity as one role, or an entity
 * without any; the rows of article `a` are those from `first[a]` to before `first[a + 1]`.
 */
const index = { ids: [], characters: [], mentions: [], warnings: [], names: [], people: [], roles: [], least: [] };
const row = { first: [0], role: [], label: [], status: [], score: [], rules: [], firstRule: [0], entity: [] };

const NONE = -1;
const personLabels = new Set(['PER', 'ANON']);

function addEntity([entity, label, , roles = []]) {
  const number = row.entity.length === 0 ? 0 : row.entity.at(-1) + 1;
  const given = roles.length === 0 ? [[NONE, NONE, NONE, []]] : roles;
  given.forEach(([role, score, status, rules]) => {
    row.role.push(role);
    row.score.push(score);
    row.status.push(status);
    row.label.push(label);
    row.entity.push(number);
    row.rules.push(...rules);
    row.firstRule.push(row.rules.length);
  });
  return entity;
}

function addArticle([id, characters, mentions, entities, warnings]) {
  index.ids.push(id);
  index.characters.push(characters);
  index.mentions.push(mentions);
  index.warnings.push(warnings);
  index.names.push(entities.map(addEntity).join('\n'));
  index.people.push(entities.filter(([, label, , roles]) => roles !== undefined || personLabels.has(dictionary.labels[label])).length);
  row.first.push(row.role.length);
  let [roles, least] = [0, Infinity];
  for (let at = row.first.at(-2); at < row.role.length; at += 1) {
    if (row.role[at] === NONE) continue;
    roles += 1;
    least = Math.min(least, row.score[at]);
  }
  index.roles.push(roles);
  index.least.push(least);
}

async function readIndex() {
  for (let piece = 0; piece < facts.pieces; piece += 1) (await unpacked(`index-${piece}`)).forEach(addArticle);
  Object.keys(row).forEach((column) => { row[column] = Int32Array.from(row[column]); });
}

/** The chunk that holds an article. */
function chunkOf(article) {
  let [low, high] = [0, facts.chunks.length];
  while (high - low > 1) {
    const middle = (low + high) >> 1;
    if (facts.chunks[middle] <= article) low = middle;
    else high = middle;
  }
  return low;
}

// The chunks used last, the last one at the end: going on in the list shall not wait.
const ready = new Map();
const READY = 6;

function chunk(at) {
  const records = ready.get(at) ?? unpacked(`chunk-${at}`);
  ready.delete(at);
  ready.set(at, records);
  if (ready.size > READY) ready.delete(ready.keys().next().value);
  return records;
}

/** The record of an article. */
async function record(article) {
  const at = chunkOf(article);
  return (await chunk(at))[article - facts.chunks[at]];
}
