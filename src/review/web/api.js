// The server: what is asked of it, and what can come of asking. Addresses are relative, so that the token in the page's own
// address goes with every request.

/** The server did not answer. */
export class Unreachable extends Error {}

/** Another server answers at this address: it knows neither the page nor its token. */
export class Stranger extends Unreachable {}

/** The server says no: `status` says how, `body` what it adds. */
export class Refused extends Error {
  constructor(status, body) {
    super(body.message ?? `The server answered ${status}.`);
    this.status = status;
    this.body = body;
  }
}

/** An answer that takes this long is none: the server is on this machine, and a decision is written in milliseconds. */
const PATIENCE = 30_000;

async function ask(path, options = {}) {
  let response;
  try {
    response = await fetch(`api/${path}`, { cache: 'no-store', signal: AbortSignal.timeout(PATIENCE), ...options });
  } catch (error) {
    throw new Unreachable('The server is not answering.', { cause: error });
  }
  let body;
  try {
    body = await response.json();
  } catch (error) {
    // The server that belongs to this page says why it refuses something.
    const Fault = response.ok ? Unreachable : Stranger;
    throw new Fault('The answer of the server can’t be read.', { cause: error });
  }
  if (!response.ok) throw new Refused(response.status, body);
  return body;
}

/** Filters that are left empty are not sent. */
const query = (parts) => new URLSearchParams(Object.entries(parts).filter(([, value]) => value !== '' && value !== null && value !== undefined));

export const session = () => ask('session');
export const queue = (filters, from, count) => ask(`queue?${query({ ...filters, from, count })}`);
export const step = (filters, from, by) => ask(`step?${query({ ...filters, from, by })}`);
export const find = (id) => ask(`find?${query({ id })}`);
export const article = (number) => ask(`articles/${number}`);

export const decide = (number, version, decision) => ask(`articles/${number}`, {
  method: 'POST',
  headers: { 'Content-Type': 'application/json' },
  body: JSON.stringify({ version, decision }),
});
