// What the page knows: the session, the article shown and what is selected in it. Whoever draws listens here.

/** `mention` is the place of the selected mention in the article, or -1; `choice` the words being chosen for a mention. */
export const state = { session: null, article: null, mention: -1, choice: null };

const listeners = new Map();

/**
 * Topics: session; article, shown anew or another one; selection; choice; decided, with what the server made of an article; look, when
 * a place of the text is to be seen; back, when the server answers again.
 */
export function on(topic, listener) {
  listeners.set(topic, [...(listeners.get(topic) ?? []), listener]);
}

export function tell(topic, detail = {}) {
  (listeners.get(topic) ?? []).forEach((listener) => listener(detail));
}

export const ends = ({ start, end }) => ({ start, end });

export const wordsOf = (place) => state.article.text.slice(place.start, place.end);

export const selectedMention = () => state.article?.mentions[state.mention] ?? null;

/** The place of the selected mention's person among the people, or null. */
export const selectedPerson = () => selectedMention()?.person ?? null;

/** A person is named to the server by the ends of one of its mentions. */
export const personEnds = (at) => ends(state.article.mentions[state.article.people[at].mentions[0]]);

/** The roles that hold: one taken away stays on the record, struck. */
export const held = (person) => person.roles.filter((role) => role.status !== 'rejected');

/** The place of the mention with these ends, or -1. */
export const mentionAt = ({ start, end }) => state.article.mentions.findIndex((mention) => mention.start === start && mention.end === end);

/** Selects a mention. `focus`: 'text', 'card' or nothing, if the focus is to stay where it is. */
export function select(mention, focus = null) {
  state.mention = mention;
  tell('selection', { focus });
}

/** Selects the mention so many further in the text. */
export function stepMention(by) {
  const { mentions } = state.article;
  const to = state.mention < 0 ? (by > 0 ? 0 : mentions.length - 1) : state.mention + by;
  if (to >= 0 && to < mentions.length) select(to, 'text');
}

/** The places where the words stand that prove a person's roles and relations. */
export function evidenceOf(at) {
  if (at === null) return [];
  const of = state.article.people[at].roles.flatMap((role) => (role.status === 'rejected' ? [] : role.evidence));
  const relations = state.article.relations.filter((relation) => relation.from === at && Number.isInteger(relation.start));
  return [...of, ...relations].map(ends);
}

/** Selects a person by the mention that stands nearest to what proves its first role. */
export function selectPerson(at, focus = null) {
  const { mentions } = state.article;
  const [proof] = evidenceOf(at);
  const own = state.article.people[at].mentions;
  const away = (place) => (proof === undefined ? 0 : Math.abs(mentions[place].start - proof.start));
  select(own.reduce((best, place) => (away(place) < away(best) ? place : best), own[0]), focus);
}

/** What is selected in the new state of an article: the same mention, or the one that follows where it was. */
function carried(before, mentions, wanted) {
  const of = wanted ?? before;
  if (of === null) return -1;
  const same = mentions.findIndex((mention) => mention.start === of.start && mention.end === of.end);
  if (same >= 0) return same;
  const next = mentions.findIndex((mention) => mention.start >= of.start);
  return next >= 0 ? next : mentions.length - 1;
}

/** Puts another article in place, or the same as the server now has it, with the mention of the ends `wanted` selected. */
export function show(article, wanted = null) {
  const fresh = state.article?.number !== article.number;
  const before = fresh ? null : selectedMention();
  state.article = article;
  state.mention = carried(before, article.mentions, wanted);
  if (fresh) state.choice = null;
  tell('article', { fresh });
}
