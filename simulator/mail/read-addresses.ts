import { parseAddressHeader } from 'mailparser';
import { oneLine } from './one-line.ts';
import type { MailAddress } from './received-mail.ts';

/** Addresses of one or more headers, with groups expanded. An address without a name is its own name, as with Graph. */
export function readAddresses(header: unknown): MailAddress[] {
  if (typeof header === 'string') return flatten(parseAddressHeader(header).value);
  const parts = Array.isArray(header) ? header : [header];
  return parts.flatMap((part) => (isAddressList(part) ? flatten(part.value) : []));
}

interface LooseAddress {
  readonly name?: string;
  readonly address?: string;
  readonly group?: readonly LooseAddress[];
}

function flatten(addresses: readonly LooseAddress[]): MailAddress[] {
  return addresses.flatMap(({ name, address, group }) => {
    if (group) return flatten(group);
    if (!name && !address) return [];
    return [{ name: oneLine(name ?? '') || (address ?? ''), address: address ?? '' }];
  });
}

function isAddressList(part: unknown): part is { value: LooseAddress[] } {
  return typeof part === 'object' && part !== null && 'value' in part && Array.isArray(part.value);
}
