import { isAddress, parseRecipients } from '../parts/parse-recipients.ts';

/** More of a line is not needed to find it again; the API takes no more. */
const LONGEST_ENTRY = 320;

/**
 * The addresses of a pasted list: lines, recipients as mail programs copy them, or a table, of which cells without an
 * address are passed over. A line without any address stays whole, so that it can be reported.
 */
export function parseAddressList(text: string): readonly string[] {
  return text.split(/[\r\n]+/).flatMap((line) => {
    const cells = line.includes('<') ? parseRecipients(line).map(({ address }) => address) : line.split(/[\s,;]+/);
    const addresses = cells.map(unwrapped).filter((cell) => cell.includes('@'));
    const entries = addresses.length > 0 ? addresses : [line.trim()];
    return entries.filter((entry) => entry !== '').map((entry) => entry.slice(0, LONGEST_ENTRY));
  });
}

/** How many of them may be addresses. */
export function countAddresses(entries: readonly string[]): number {
  return entries.filter(isAddress).length;
}

/** Without the quotes of a table, and `mailto:`. */
function unwrapped(cell: string): string {
  return cell.replace(/^["']+|["']+$/g, '').replace(/^mailto:/i, '');
}
