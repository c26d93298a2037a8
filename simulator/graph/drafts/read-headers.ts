import type { MailHeader } from '../../mail/received-mail.ts';
import { GraphError } from '../graph-error.ts';
import { asObject, invalidValue } from './read-values.ts';

/** Graph takes no more headers for one message (learn.microsoft.com/graph/api/user-sendmail). */
const MOST_HEADERS = 5;

/** `internetMessageHeaders` of a message that is created: names of one's own only, which begin with `x-`. */
export function readInternetMessageHeaders(value: unknown): MailHeader[] {
  if (!Array.isArray(value)) throw invalidValue('internetMessageHeaders');
  const headers = value.map((each) => {
    const { name, value: text } = asObject('internetMessageHeaders', each);
    if (typeof name !== 'string' || typeof text !== 'string') throw invalidValue('internetMessageHeaders');
    if (!/^x-[!-9;-~]+$/i.test(name)) {
      const message = `The internet message header name '${name}' should start with 'x-' or 'X-'.`;
      throw new GraphError(400, 'InvalidInternetMessageHeader', message);
    }
    return { name, value: text.replace(/[\r\n]+/g, ' ') };
  });
  if (headers.length > MOST_HEADERS) {
    const message = `Maximum number of headers in one message should be less than or equal to ${MOST_HEADERS}.`;
    throw new GraphError(400, 'InvalidInternetMessageHeaderCollection', message);
  }
  return headers;
}
