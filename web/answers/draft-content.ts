import { isAddress, type Recipient } from '../parts/parse-recipients.ts';

/** What a person writes: every part of a draft but its attachments, which are saved when they are added. */
export interface DraftContent {
  readonly to: readonly Recipient[];
  readonly cc: readonly Recipient[];
  readonly bcc: readonly Recipient[];
  readonly subject: string;
  readonly format: 'html' | 'text';
  readonly body: string;
  readonly includesQuote: boolean;
}

/** True when both would be sent as the same mail. */
export function isSameContent(one: DraftContent, other: DraftContent): boolean {
  return (
    one.subject === other.subject &&
    one.format === other.format &&
    one.body === other.body &&
    one.includesQuote === other.includesQuote &&
    (['to', 'cc', 'bcc'] as const).every((kind) => isSameList(one[kind], other[kind]))
  );
}

/** True for one text, also where the server has written its styles and tags in its own way. */
export function isSameText(one: WrittenBody, other: WrittenBody): boolean {
  return one.format === other.format && bareText(one) === bareText(other);
}

/** True when a text has all words of the other in one piece, such as after *keep both* in another window. */
export function hasText(text: WrittenBody, other: WrittenBody): boolean {
  return text.format === other.format && other.body !== '' && bareText(text).includes(bareText(other));
}

/** What the API takes of it: recipients that are no addresses stay in the page until they are corrected. */
export function savablePart({ to, cc, bcc, ...rest }: DraftContent) {
  const valid = (recipients: readonly Recipient[]) =>
    recipients
      .filter(({ address }) => isAddress(address))
      .map(({ name, address }) => ({ ...(name ? { name } : {}), address }));
  return { ...rest, to: valid(to), cc: valid(cc), bcc: valid(bcc) };
}

/** Of requests to save, the part that one of them has led to what was read, however the server has written its text. */
export function findSaved(requests: readonly DraftContent[], read: DraftContent): DraftContent | undefined {
  const { format, body } = read;
  return requests
    .map(savablePart)
    .find((sent) => isSameText(sent, read) && isSameContent({ ...sent, format, body }, read));
}

type WrittenBody = Pick<DraftContent, 'format' | 'body'>;

function bareText({ format, body }: WrittenBody): string {
  return format === 'html' ? body.replace(/ style="[^"]*"/g, '').replace(/ ?\/>/g, '>') : body;
}

export function isSameList(one: readonly Recipient[], other: readonly Recipient[]): boolean {
  return (
    one.length === other.length &&
    one.every(
      ({ address, name }, index) => address === other[index]?.address && (name ?? '') === (other[index]?.name ?? ''),
    )
  );
}
