/** Written at once: takes only milliseconds, whatever it contains. */
const FIRST_SLICE_CHARACTERS = 4_096;
const LARGEST_SLICE_CHARACTERS = 131_072;
const QUICK_SLICE_MS = 4;
/** A page that is busy for longer feels stuck. */
const BUSY_MS = 40;
/** Elements. Browsers repeat unclosed formatting in each paragraph, so there may be far more of them than tags. */
const MOST_ELEMENTS = 25_000;

/**
 * Parses HTML into a document that belongs to the frame's window but is never shown: nothing in it loads or runs, and
 * the frame's policy, which allows inline styles, applies to it. Written in slices, because a parser that has all its
 * input cannot be stopped. Undefined when the deadline passed (milliseconds of `performance.now()`), when it has too
 * many elements, or when the caller no longer needs it.
 */
export async function parseMail(
  html: string,
  frame: Window,
  { deadline, signal }: { readonly deadline: number; readonly signal: AbortSignal },
): Promise<Document | undefined> {
  const parsed = frame.document.implementation.createHTMLDocument('');
  const elements = parsed.getElementsByTagName('*');
  parsed.open();
  parsed.write('<!doctype html>');
  let pausesAt = performance.now() + BUSY_MS;
  let slice = FIRST_SLICE_CHARACTERS;
  for (let at = 0; at < html.length; ) {
    const begun = performance.now();
    parsed.write(html.slice(at, at + slice));
    at += slice;
    const now = performance.now();
    const isQuick = now - begun < QUICK_SLICE_MS;
    slice = isQuick ? Math.min(2 * slice, LARGEST_SLICE_CHARACTERS) : FIRST_SLICE_CHARACTERS;
    if (now > deadline || elements.length > MOST_ELEMENTS || signal.aborted) return undefined;
    if (now < pausesAt) continue;
    await new Promise((resolve) => setTimeout(resolve));
    pausesAt = performance.now() + BUSY_MS;
  }
  parsed.close();
  return parsed;
}
