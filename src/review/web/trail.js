// The articles decided on in this tab, in order, so that undoing finds its way back to them; kept through a reload.

// Another start of the server has another address, and its articles may be others.
const KEY = `trail ${location.pathname}`;
const LONGEST = 10_000;

function read() {
  try {
    const kept = JSON.parse(sessionStorage.getItem(KEY));
    return { done: kept.done, taken: kept.taken };
  } catch {
    return { done: [], taken: [] };
  }
}

let trail = read();

/** `taken` is what was taken back and can be done again. */
function keep(done, taken) {
  trail = { done: done.slice(-LONGEST), taken };
  try { sessionStorage.setItem(KEY, JSON.stringify(trail)); } catch { /* It is kept until the page is left. */ }
}

export const lastDone = () => trail.done.at(-1) ?? null;
export const lastUndone = () => trail.taken.at(-1) ?? null;

export const decided = (number) => keep([...trail.done, number], []);

/** The last one was undone, or there is nothing left to undo in it. */
export function undone(isGone = false) {
  const number = trail.done.at(-1);
  keep(trail.done.slice(0, -1), isGone || number === undefined ? trail.taken : [...trail.taken, number]);
}

export function redone(isGone = false) {
  const number = trail.taken.at(-1);
  keep(isGone || number === undefined ? trail.done : [...trail.done, number], trail.taken.slice(0, -1));
}
