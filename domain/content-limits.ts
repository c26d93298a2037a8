/** Bytes of a file that is read from a mailbox: the most that Exchange Online lets anyone send. */
export const MOST_CONTENT_BYTES = 150 * 1024 * 1024;

/** Bytes of one encrypted piece: what a process holds of each file that it reads or passes on. */
export const CHUNK_BYTES = 256 * 1024;

/** How long the API waits for content before it asks the client to come again. */
export const CONTENT_WITHIN_MS = 30_000;

/** Content that was used this recently stays, however full the cache is: it may be on its way to a browser. */
export const CONTENT_IN_USE_MINUTES = 5;

/** An attempt to read content ends by then. */
export const CONTENT_READ_WITHIN_MS = 15 * 60_000;

/** Verdicts of the scanner. `unscanned`: it was away, or the file is larger than it accepts. */
export const verdicts = ['clean', 'infected', 'unscanned'] as const;
export type Verdict = (typeof verdicts)[number];

/** A worker that died is noticed by then, and another one reads. */
export const CONTENT_HEARTBEAT_TIMEOUT_MS = 8_000;

/** A broken connection is tried again at once; a longer outage is for the person to know. */
export const CONTENT_ATTEMPTS = 3;
