// The articles decided on in this tab, in order, so that undoing finds its way back to them; kept through a reload.

// Another start of the server has another address, and its articles may be others.
const KEY = `trail ${location.pathname}`;
const LONGEST = 10_000;

function read() {
  try {
    const { done, undone } = JSON.parse(sessionStorage.getItem(KEY));
    return { done, undone };
  } catch {
    return { done: [], undone: [] };
  }
}

let trail = read();

function keep(done, undone) {
  trail = { done: done.slice(-LONGEST), undone };
  try { sessionStorage.setItem(KEY, JSON.stringify(trail)); } catch { /* It is kept until the page is left. */ }
}

export const lastDone = () => trail.done.at(-1) ?? null;
export const lastUndone = () => trail.undone.at(-1) ?? null;

export const decided = (number) => keep([...trail.done, number], []);

/** The last one was undone, or there is nothing left to undo in it. */
export function undone(isGone = false) {
  const number = trail.done.at(-1);
  keep(trail.done.slice(0, -1), isGone || number === undefined ? trail.undone : [...trail.undone, number]);
}

export function redone(isGone = false) {
  const number = trail.undone.at(-1);
  keep(isGone || number === undefined ? trail.done : [...trail.done, number], trail.undone.slice(0, -1));
}
