// What people of the article are called on the page, in which order they stand, and which key gives which role.

import { selectedPerson, state } from './state.js';

/** Labels of people come first among those without a role. */
const PEOPLE = ['PER', 'ANON'];

/** Number keys, in the order of the roles. */
const KEYS = ['1', '2', '3', '4', '5', '6', '7', '8', '9', '0'];
export const keyOfRole = (role) => KEYS[state.session.roles.indexOf(role)] ?? null;
export const roleOfKey = (key) => state.session.roles[KEYS.indexOf(key)] ?? null;

export const inline = (text) => text.replace(/\s+/g, ' ');

const LONGEST = 80;

/** What an article says, on one line and cut where it is a whole paragraph. */
export const short = (text) => (text.length > LONGEST ? `${inline(text).slice(0, LONGEST)}…` : inline(text));

export const nameOf = (at) => short(state.article.people[at].name);

/** Those with a role, and the others: people first, then the rest, each in order of their first mention. */
export function sorted() {
  const { people } = state.article;
  const all = people.map((_, at) => at);
  const rank = (at) => (PEOPLE.includes(people[at].label) ? 0 : 1);
  return {
    holders: all.filter((at) => people[at].roles.length > 0),
    others: all.filter((at) => people[at].roles.length === 0).sort((a, b) => rank(a) - rank(b) || a - b),
  };
}

/** The person so many cards further, or null. */
export function neighbour(by) {
  const { holders, others } = sorted();
  const all = [...holders, ...others];
  const at = all.indexOf(selectedPerson());
  return all[at < 0 ? (by > 0 ? 0 : all.length - 1) : at + by] ?? null;
}
