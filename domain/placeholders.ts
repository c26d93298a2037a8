import { escapeHtml } from './escape-html.ts';

/** What placeholders of an item stand for. */
export interface PlaceholderValues {
  readonly customerName: string | null;
  readonly subject: string;
  readonly itemId: string;
}

const placeholder = /\{\{\s*([a-z]+(?:\.[a-z]+)?)\s*\}\}/gi;

/** The last part of an id, which is random: short enough to be read out, and found by search. */
const NUMBER_LENGTH = 8;

/** Fills the placeholders of HTML. What has no value stays as it is, and is named in `missing`. */
export function fillPlaceholders(
  html: string,
  { customerName, subject, itemId, agentName }: PlaceholderValues & { readonly agentName: string },
): { html: string; missing: string[] } {
  const values: Readonly<Record<string, string | null>> = {
    'customer.name': customerName,
    'agent.name': agentName,
    'item.number': itemNumber(itemId),
    subject,
  };
  const missing = new Set<string>();
  const filled = html.replaceAll(placeholder, (whole, name: string) => {
    const key = name.toLowerCase();
    const value = Object.hasOwn(values, key) ? values[key] : undefined;
    if (value) return escapeHtml(value);
    missing.add(key);
    return whole;
  });
  return { html: filled, missing: [...missing] };
}

/** By which people name an item to each other. */
export function itemNumber(itemId: string): string {
  return itemId.replaceAll('-', '').slice(-NUMBER_LENGTH).toUpperCase();
}
