import type { MailAddress } from '../../mail/received-mail.ts';
import { GraphError } from '../graph-error.ts';

/** Throws Graph's error for a value that is not of its property's type. */
export function invalidValue(name: string): GraphError {
  return new GraphError(400, 'ErrorInvalidRequest', `Cannot convert the literal of property '${name}' to its type.`);
}

export function readText(name: string, value: unknown): string {
  if (typeof value === 'string') return value;
  throw invalidValue(name);
}

export function readBoolean(name: string, value: unknown): boolean {
  if (typeof value === 'boolean') return value;
  throw invalidValue(name);
}

export function readOneOf<Name extends string>(name: string, value: unknown, allowed: readonly Name[]): Name {
  const found = allowed.find((each) => typeof value === 'string' && each === value.toLowerCase());
  if (found === undefined) throw invalidValue(name);
  return found;
}

/** `[{ emailAddress: { name, address } }]`. An address that is none is refused when the mail is sent, not before. */
export function readRecipients(name: string, value: unknown): MailAddress[] {
  if (!Array.isArray(value)) throw invalidValue(name);
  return value.map((each) => readRecipient(name, each));
}

export function readRecipient(name: string, value: unknown): MailAddress {
  const { emailAddress } = asObject(name, value);
  const { address, name: given } = asObject(name, emailAddress);
  if (typeof address !== 'string' && typeof given !== 'string') throw invalidValue(name);
  const written = typeof address === 'string' ? address.trim() : '';
  return { address: written, name: typeof given === 'string' && given !== '' ? given : written };
}

/** `{ contentType, content }`: a text has no HTML, and HTML no text. */
export function readBody(value: unknown): { html: string | null; text: string | null } {
  const { contentType = 'text', content } = asObject('body', value);
  const type = readOneOf('body', contentType, ['text', 'html']);
  const written = content === null || content === undefined ? '' : readText('body', content);
  return type === 'html' ? { html: written, text: null } : { html: null, text: written };
}

export function asObject(name: string, value: unknown): Record<string, unknown> {
  if (typeof value === 'object' && value !== null && !Array.isArray(value)) return value as Record<string, unknown>;
  throw invalidValue(name);
}
