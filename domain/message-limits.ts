/**
 * Characters of a subject that are kept, matched and shown; Outlook writes 255. A cut text ends in an ellipsis. Folding
 * a subject of ten million characters would hold a worker for a second.
 */
export const MOST_SUBJECT_CHARACTERS = 10_000;

/** Characters of a subject in a list, enough to fill a page. */
export const MOST_LISTED_SUBJECT_CHARACTERS = 1_000;

/** Characters of a name, an address, a Message-ID or a file name. Addresses have 320 at most. */
export const MOST_NAME_CHARACTERS = 1_000;

/** Characters of one header, and of all headers of a message; those of real mail total about ten thousand. */
export const MOST_HEADER_CHARACTERS = 20_000;
export const MOST_HEADERS_CHARACTERS = 500_000;

/** Exchange sends to 1,000 recipients, and accepts 250 attachments. */
export const MOST_RECIPIENTS = 2_000;
export const MOST_ATTACHMENTS = 1_000;
export const MOST_HEADERS = 2_000;

/** Outlook offers 25 colours; names beyond these are not kept. */
export const MOST_CATEGORIES = 50;

/** The beginning of a text, with an ellipsis where it was cut. */
export function cutText(text: string, mostCharacters: number): string {
  return text.length <= mostCharacters ? text : `${text.slice(0, mostCharacters - 1)}…`;
}

/** How many of a message's recipients, headers and attachments were dropped as too many. */
export interface LeftOut {
  readonly to?: number;
  readonly cc?: number;
  readonly bcc?: number;
  readonly replyTo?: number;
  readonly headers?: number;
  readonly attachments?: number;
}
