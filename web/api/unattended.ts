/** A person reads for a while without touching anything; sessions last for minutes at least. */
const ATTENDED_FOR_MS = 60_000;

/** By a clock that is never set, unlike that of the day. */
let lastInputAtMs = performance.now();

/** The person does something: called by `shell/notice-inputs.ts`. */
export function noteInput(): void {
  lastInputAtMs = performance.now();
}

/** How long ago the person last did something. */
export function msSinceInput(): number {
  return performance.now() - lastInputAtMs;
}

/**
 * Marks what a page asks for of its own accord, such as a list that is read again: it does not keep the session of a
 * person who has left from becoming idle (`api/access/authentication.ts`).
 */
export function markUnattended(request: Request): void {
  if (request.method !== 'GET' || msSinceInput() < ATTENDED_FOR_MS) return;
  request.headers.set('mailroom-unattended', '1');
}
