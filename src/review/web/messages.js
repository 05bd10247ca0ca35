// What the page says: messages that go away, and the banner that stays for as long as its cause.

const LASTS = 6_000;
let leaving = 0;

/** Says something in passing; screen readers read it out. */
export function say(text, kind = 'plain') {
  const place = byId('said');
  clearTimeout(leaving);
  place.dataset.kind = kind;
  // The same words again would not be read out: the element is emptied first.
  place.textContent = '';
  requestAnimationFrame(() => { place.textContent = text; });
  leaving = setTimeout(() => { place.textContent = ''; }, kind === 'plain' ? LASTS : 2 * LASTS);
}

/** What was said is of the past. */
export function hush() {
  byId('said').textContent = '';
}

/** Tells those who hear the page what others see on it. */
export function tellAloud(text) {
  byId('heard').textContent = text;
}

/** Something that went wrong with what was just asked for. */
export const complain = (text) => say(text, 'trouble');

/** Shows the banner; actions are pairs of a name and what it does. */
export function banner(text, actions = []) {
  const buttons = actions.map(([label, act]) => {
    const button = make('button', { type: 'button', class: 'key' }, label);
    button.addEventListener('click', act);
    return button;
  });
  byId('banner').replaceChildren(make('span', {}, text), ...buttons);
}

export function noBanner() {
  const hadFocus = byId('banner').contains(document.activeElement);
  byId('banner').replaceChildren();
  if (hadFocus) byId('article-title').focus();
}

const clock = new Intl.DateTimeFormat('en-GB', { timeStyle: 'medium' });
export const timeOf = (date) => clock.format(date);

/** The state of saving: idle, saving, saved, unsaved. */
export function saved(is, when = null) {
  const place = byId('saved');
  const texts = { idle: 'Every decision is saved at once', saving: 'Saving …', saved: `Saved ${when === null ? '' : timeOf(when)}`, unsaved: 'Not saved' };
  place.dataset.state = is;
  place.textContent = texts[is];
}
