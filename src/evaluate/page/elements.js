// Elements and words. Whatever an article says enters the page here, as text and never as markup.

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
