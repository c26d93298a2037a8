import type { Schemas } from '../api/client.ts';

/** More are no authors but an attack on the page. */
const MOST_AUTHORS = 20;

/** Authors of a mail besides the first, which is all that Microsoft names: from the header `From`. */
export function otherAuthors({
  from,
  headers,
}: Pick<Schemas['Message'], 'from' | 'headers'>): readonly Schemas['Correspondent'][] {
  const written = headers?.find(({ name }) => name.toLowerCase() === 'from')?.value.slice(0, 4_000) ?? '';
  // What stands in quotes is a name, whatever it looks like.
  const addresses = written.replace(/"(?:[^"\\]|\\.)*"/g, '').match(/[^\s<>,;:"()]+@[^\s<>,;:"()]+/g) ?? [];
  const others = new Set(addresses.map((address) => address.toLowerCase()));
  others.delete(from?.address?.toLowerCase() ?? '');
  return addresses.length > 1 ? [...others].slice(0, MOST_AUTHORS).map((address) => ({ address })) : [];
}
