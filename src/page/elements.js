// Elements and words, and the theme, for every page. Whatever an article says enters a page here, as text and never as markup.
// The page needs a picture in its markup, and a button with the id theme.

const byId = (id) => document.getElementById(id);

// A page may name no address, so the name of SVG is taken from a picture that the parser made.
const svgSpace = document.querySelector('svg').namespaceURI;

function fill(element, attributes, children) {
  for (const [name, value] of Object.entries(attributes)) {
    if (value !== undefined) element.setAttribute(name, value);
  }
  element.append(...children.filter((child) => child !== null && child !== ''));
  return element;
}

/** An element of HTML. Children are elements, texts, or null for nothing. */
function make(name, attributes = {}, ...children) {
  return fill(document.createElement(name), attributes, children);
}

/** An element of SVG. */
function draw(name, attributes = {}, ...children) {
  return fill(document.createElementNS(svgSpace, name), attributes, children);
}

/** Text that only screen readers are given. */
const unseen = (text) => make('span', { class: 'unseen' }, text);

/** Names from an article keep their own direction of writing. */
const name = (text) => make('bdi', {}, text);

/** `panel_chair` as people write it. */
const words = (code) => code.replaceAll('_', ' ');

const sentence = (text) => text.charAt(0).toUpperCase() + text.slice(1);

const whole = new Intl.NumberFormat('en-GB');
const count = (number) => whole.format(number);
const counted = (number, noun) => `${count(number)} ${noun}${number === 1 ? '' : 's'}`;

/** A figure from 0 to 1; an undefined one is a dash, never 0. */
const figure = (value) => (value === null ? '–' : value.toFixed(3));

const range = (interval) => (interval ? `${figure(interval[0])}–${figure(interval[1])}` : '');

/** A difference with its sign. */
function signed(value) {
  if (value === null) return '–';
  const size = Math.abs(value).toFixed(3);
  if (Number(size) === 0) return size;
  return `${value < 0 ? '−' : '+'}${size}`;
}

const percent = (share) => `${(100 * share).toFixed(2)}%`;

/** Says something in the paragraph of this id, which is hidden when there is nothing to say. */
function say(id, text) {
  byId(id).textContent = text;
  byId(id).hidden = text === '';
}

/** The theme follows the system until the reader says otherwise. A page opened from a file may not be let remember it. */
function themes() {
  const stored = () => { try { return localStorage.getItem('theme'); } catch { return null; } };
  const button = byId('theme');
  const system = matchMedia('(prefers-color-scheme: dark)');
  const isDark = () => (document.documentElement.dataset.theme ?? (system.matches ? 'dark' : 'light')) === 'dark';
  const show = () => button.setAttribute('aria-pressed', isDark());
  const before = stored();
  if (before === 'dark' || before === 'light') document.documentElement.dataset.theme = before;
  system.addEventListener('change', show);
  button.addEventListener('click', () => {
    const theme = isDark() ? 'light' : 'dark';
    document.documentElement.dataset.theme = theme;
    try { localStorage.setItem('theme', theme); } catch { /* It holds until the page is closed. */ }
    show();
  });
  show();
}
