import { readRealMail } from '../scripts/demo/real-mail.ts';

/** An odd step through the list, coprime with 250: neighbours come from different sources. */
const STRIDE = 97;

/** The 250 real messages, well mixed, in the same order every time. */
export function mixedRealMail(): readonly Uint8Array[] {
  const mails = readRealMail();
  return mails.map((_, n) => (mails[(n * STRIDE) % mails.length] as (typeof mails)[number]).mime);
}

/** Those of a size that people send to a contact centre: without the few of hundreds of kilobytes. */
export function everydayMail(): readonly Uint8Array[] {
  return mixedRealMail().filter(({ length }) => length <= EVERYDAY_BYTES);
}
const EVERYDAY_BYTES = 100_000;
