/**
 * Characters of a subject that are kept, matched and shown; Outlook writes 255. What is cut ends in an ellipsis. Folding
 * one of ten million characters would hold a worker for a second.
 */
export const MOST_SUBJECT_CHARACTERS = 10_000;

/** Of a subject in a list: more than fills a page is not read. */
export const MOST_LISTED_SUBJECT_CHARACTERS = 1_000;

/** Of a name, an address, a Message-ID or the name of a file. Addresses have 320 at most. */
export const MOST_NAME_CHARACTERS = 1_000;

/** Of one header and of all headers of a message; those of real mail have some ten thousand together. */
export const MOST_HEADER_CHARACTERS = 20_000;
export const MOST_HEADERS_CHARACTERS = 500_000;

/** Exchange sends to 1,000 recipients, and takes 250 attachments. */
export const MOST_RECIPIENTS = 2_000;
export const MOST_ATTACHMENTS = 1_000;
export const MOST_HEADERS = 2_000;

/** The beginning of a text, with an ellipsis where it was cut. */
export function cutText(text: string, mostCharacters: number): string {
  return text.length <= mostCharacters ? text : `${text.slice(0, mostCharacters - 1)}…`;
}

/** How many of a message's recipients, headers and attachments are not kept, because there are more than anybody reads. */
export interface LeftOut {
  readonly to?: number;
  readonly cc?: number;
  readonly bcc?: number;
  readonly replyTo?: number;
  readonly headers?: number;
  readonly attachments?: number;
}
