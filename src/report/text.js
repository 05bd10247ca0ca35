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

/**
 * A text that is being drawn, paragraph by paragraph: an article of a megabyte shall not keep its reader waiting. Knows the elements of
 * each entity's mentions, of each mention by its id, and of each proof, as far as it is drawn.
 */
class Drawing {
  constructor(record, root) {
    this.record = record;
    this.root = root;
    this.numbers = new Map(record.entities.map((entity, at) => [entity.id, at + 1]));
    this.proofs = new Proofs(record);
    this.byEntity = record.entities.map(() => []);
    this.byMention = new Map();
    this.left = paragraphs(record.text, record.spans).reverse();
    this.next = 0;
    root.replaceChildren();
  }

  /** Draws for so many milliseconds, a paragraph at least; without a number, all that is left. */
  go(milliseconds = Infinity) {
    const end = performance.now() + milliseconds;
    const batch = document.createDocumentFragment();
    do {
      if (this.left.length > 0) batch.append(this.paragraph(...this.left.pop()));
    } while (this.left.length > 0 && performance.now() < end);
    this.root.append(batch);
  }

  /** Draws the rest little by little, as long as it is still wanted. */
  async rest(isWanted) {
    while (this.left.length > 0 && isWanted()) {
      this.go(30);
      await breath();
    }
  }

  paragraph(from, to) {
    const { text, spans } = this.record;
    const element = make('p', { dir: 'auto' });
    let at = from;
    for (; this.next < spans.length && spans[this.next].start < to; this.next += 1) {
      const span = spans[this.next];
      element.append(...this.proofs.pieces(text, at, span.start), this.mention(span));
      at = span.end;
    }
    element.append(...this.proofs.pieces(text, at, to));
    return element;
  }

  mention(span) {
    const number = this.numbers.get(span.entity) ?? null;
    const isFirst = number !== null && this.byEntity[number - 1].length === 0;
    const roles = isFirst ? this.record.entities[number - 1].roles : [];
    const element = mentionElement(span, this.proofs.pieces(this.record.text, span.start, span.end), number, roles);
    if (number !== null) this.byEntity[number - 1].push(element);
    this.byMention.set(span.id, element);
    return element;
  }
}

/** Sets what is sought off in the text, where the browser can do that without touching the text. Gives the place that is first. */
function highlight(root, sought) {
  if (!globalThis.CSS?.highlights) return null;
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
  return ranges.length === 0 ? null : ranges[0].startContainer.parentElement;
}
