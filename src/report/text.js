// The text of an article with its mentions tinted, named and numbered, and the words that prove something dotted.

/** Mentions are told apart by tint, by their line below, and by the label after them. */
const KNOWN = ['PER', 'ANON', 'ORG', 'LOC', 'MISC'];
const labelClass = (label) => (KNOWN.includes(label) ? label.toLowerCase() : 'other');

/** The stretches of a record that are proofs, each once: of roles and relations. */
function proofsOf(record) {
  const proofs = new Map();
  const add = ({ start, end }) => proofs.set(`${start}-${end}`, { start, end });
  record.entities.forEach((entity) => entity.roles.forEach((role) => role.evidence.forEach(add)));
  record.relations.forEach((relation) => add(relation.evidence));
  return [...proofs.values()].sort((a, b) => a.start - b.start || a.end - b.end);
}

/** Where a text is to be cut so that every piece lies wholly in or outside of each proof. */
function cutsOf(proofs) {
  const cuts = new Set(proofs.flatMap(({ start, end }) => [start, end]));
  return [...cuts].sort((a, b) => a - b);
}

/** What knows, of places in a text that are asked for in order, which proofs are there. */
class Proofs {
  constructor(record) {
    this.all = proofsOf(record);
    this.cuts = cutsOf(this.all);
    this.cut = 0;
    this.next = 0;
    this.open = [];
    // The elements that hold the words of each proof.
    this.parts = new Map(this.all.map(({ start, end }) => [`${start}-${end}`, []]));
  }

  /** The text from one place to another in pieces, those of proofs dotted. */
  pieces(text, from, to) {
    const result = [];
    while (this.cut < this.cuts.length && this.cuts[this.cut] <= from) this.cut += 1;
    for (let start = from; start < to;) {
      const end = this.cut < this.cuts.length ? Math.min(to, this.cuts[this.cut]) : to;
      result.push(this.piece(text.slice(start, end), start, end));
      if (this.cuts[this.cut] === end) this.cut += 1;
      start = end;
    }
    return result;
  }

  piece(text, start, end) {
    while (this.next < this.all.length && this.all[this.next].start <= start) this.open.push(this.all[this.next++]);
    this.open = this.open.filter((proof) => proof.end > start);
    const over = this.open.filter((proof) => proof.end >= end);
    if (over.length === 0) return text;
    const element = make('span', { class: 'proof' }, text);
    over.forEach((proof) => this.parts.get(`${proof.start}-${proof.end}`).push(element));
    return element;
  }
}

/** A mention: its words, then what it is. The first one of an entity says its roles. */
function mentionElement(mention, content, number, roles) {
  const holding = roles.filter((role) => role.status !== 'rejected');
  const tags = [
    make('span', { class: 'tag' }, mention.label, number === null ? null : make('span', { class: 'no' }, ` ${number}`)),
    ...holding.map((role) => make('span', { class: 'tag role' }, words(role.role))),
  ];
  const element = make('mark', { class: `mention ${labelClass(mention.label)}` }, ...content, ...tags);
  if (number !== null) element.dataset.entity = number;
  return element;
}

/** The places where paragraphs end, none of them within a mention. */
function paragraphs(text, spans) {
  const result = [];
  let span = 0;
  let start = 0;
  for (const { index: at, 0: gap } of text.matchAll(/\s*[\n\r\u2028\u2029]\s*/g)) {
    while (span < spans.length && spans[span].end <= at) span += 1;
    if (span < spans.length && spans[span].start < at + gap.length) continue;
    if (at > start) result.push([start, at]);
    start = at + gap.length;
  }
  if (start < text.length) result.push([start, text.length]);
  return result;
}

/** The text in paragraphs, with the elements of each entity's mentions, of each mention by its id, and of each proof. */
function drawText(record) {
  const { text, spans, entities } = record;
  const numbers = new Map(entities.map((entity, at) => [entity.id, at + 1]));
  const proofs = new Proofs(record);
  const byEntity = entities.map(() => []);
  const byMention = new Map();
  let next = 0;
  const body = paragraphs(text, spans).map(([from, to]) => {
    const paragraph = make('p', { dir: 'auto' });
    let at = from;
    for (; next < spans.length && spans[next].start < to; next += 1) {
      const span = spans[next];
      paragraph.append(...proofs.pieces(text, at, span.start));
      const number = numbers.get(span.entity) ?? null;
      const roles = number !== null && byEntity[number - 1].length === 0 ? entities[number - 1].roles : [];
      const element = mentionElement(span, proofs.pieces(text, span.start, span.end), number, roles);
      if (number !== null) byEntity[number - 1].push(element);
      byMention.set(span.id, element);
      paragraph.append(element);
      at = span.end;
    }
    paragraph.append(...proofs.pieces(text, at, to));
    return paragraph;
  });
  return { body, byEntity, byMention, proofs };
}

/** Sets what is sought off in the text, where the browser can do that without touching the text. */
function highlight(root, sought) {
  if (!globalThis.CSS?.highlights) return;
  const needles = needlesOf(sought);
  const ranges = [];
  const walker = document.createTreeWalker(root, NodeFilter.SHOW_TEXT);
  for (let node = walker.nextNode(); node && needles.length > 0; node = walker.nextNode()) {
    if (node.parentElement.closest('.tag')) continue;
    const letters = node.data.toLowerCase();
    // A letter that is two when it is small would shift all that come after it.
    if (letters.length !== node.data.length) continue;
    needles.forEach((needle) => {
      for (let at = letters.indexOf(needle); at >= 0; at = letters.indexOf(needle, at + needle.length)) {
        ranges.push(new StaticRange({ startContainer: node, startOffset: at, endContainer: node, endOffset: at + needle.length }));
      }
    });
  }
  CSS.highlights.set('sought', new Highlight(...ranges));
}
