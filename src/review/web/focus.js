// Keeps the focus through a redraw, and scrolls to what is not in view.

const keyOf = (element) => element?.closest?.('[data-key]')?.dataset.key ?? null;

const withKey = (within, key) => within.querySelector(`[data-key="${CSS.escape(key)}"]`);

let isKept = false;

/** Whether the focus is on its way back to what had it, which is nobody's choice. */
export const isGivenBack = () => isKept;

/** Draws; whoever had the focus within `area` has it afterwards too, or else what `otherwise` gives. */
export function keepingFocus(area, drawing, otherwise) {
  const active = document.activeElement;
  const had = area.contains(active) && active !== area;
  const key = had ? keyOf(active) : null;
  drawing();
  if (!had || (area.contains(document.activeElement) && document.activeElement !== area)) return;
  const again = key === null ? null : withKey(area, key);
  isKept = true;
  if (again !== null && !again.disabled) again.focus({ preventScroll: true });
  else otherwise()?.focus({ preventScroll: true });
  isKept = false;
}

/** Scrolls only as far as it takes, and not at all where the thing is seen already. */
export function reveal(element) {
  element?.scrollIntoView({ block: 'nearest', inline: 'nearest' });
}
