// Searching: ids, names and roles at once, by the index; the texts after that, chunk by chunk, so that the page never stands still.

/** What is kept of texts, in characters, so that the next search need not unpack them. */
const KEPT = 96e6;
const kept = { texts: [], characters: 0 };

const plain = (text) => text.toLowerCase().replace(/\s+/g, ' ');

/** The words sought, and what stands in quotation marks, as one. */
function needlesOf(sought) {
  const found = [...sought.matchAll(/["“”]([^"“”]+)["“”]|([^\s"“”]+)/g)];
  return found.map(([, phrase, word]) => plain(phrase ?? word).trim()).filter((needle) => needle !== '');
}

/** What the index says of an article. */
function haystack(article) {
  const roles = [];
  for (let at = row.first[article]; at < row.first[article + 1]; at += 1) {
    if (row.role[at] !== NONE) roles.push(words(dictionary.roles[row.role[at]]));
  }
  return plain([index.ids[article], index.names[article], ...roles].join('\n'));
}

/** The texts of a chunk as they are searched. */
async function textsOf(at) {
  if (kept.texts[at]) return kept.texts[at];
  const texts = (await (ready.get(at) ?? unpacked(`chunk-${at}`))).map((article) => plain(article.text));
  const characters = texts.reduce((sum, text) => sum + text.length, 0);
  if (kept.characters + characters <= KEPT) {
    kept.texts[at] = texts;
    kept.characters += characters;
  }
  return texts;
}

/** Lets the browser draw, and react. */
const breath = () => new Promise((resolve) => { setTimeout(resolve); });

let searches = 0;

/**
 * Searches all articles. `told` gets of each article whether it was found, again and again as more are, and how much is searched, from
 * 0 to 1; a search that began later ends this one. Nothing sought is null: everything is found.
 */
async function seek(sought, told) {
  searches += 1;
  const own = searches;
  const needles = needlesOf(sought);
  if (needles.length === 0) return told(null, 1);
  const haystacks = index.ids.map((_, article) => haystack(article));
  const isFound = Uint8Array.from(haystacks, (hay) => (needles.every((needle) => hay.includes(needle)) ? 1 : 0));
  told(isFound, 0);
  let before = performance.now();
  for (let at = 0; at < facts.chunks.length; at += 1) {
    const texts = await textsOf(at);
    if (own !== searches) return undefined;
    texts.forEach((text, n) => {
      const article = facts.chunks[at] + n;
      if (needles.every((needle) => text.includes(needle) || haystacks[article].includes(needle))) isFound[article] = 1;
    });
    // The first findings come soon; after that the list changes seldom enough to be read.
    if (performance.now() - before < 250) continue;
    told(isFound, (at + 1) / facts.chunks.length);
    await breath();
    before = performance.now();
    if (own !== searches) return undefined;
  }
  return told(isFound, 1);
}
