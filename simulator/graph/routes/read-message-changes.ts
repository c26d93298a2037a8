import type { MessageChanges } from '../create-messages.ts';
import { GraphError } from '../graph-error.ts';

/** Can change only on a draft; every message here was received (learn.microsoft.com/graph/api/message-update). */
const ONLY_ON_DRAFTS = [
  ...['subject', 'body', 'replyTo', 'internetMessageId', 'from', 'sender', 'toRecipients', 'ccRecipients'],
  ...['bccRecipients', 'isDeliveryReceiptRequested', 'isReadReceiptRequested'],
];

const ALLOWED_VALUES: Readonly<Record<string, readonly string[]>> = {
  importance: ['low', 'normal', 'high'],
  inferenceClassification: ['focused', 'other'],
};

const FLAG_STATUSES = ['notFlagged', 'complete', 'flagged'];

/**
 * Validates the body of a PATCH. Throws 400 for read-only properties and invalid values; ignores what Graph ignores.
 */
export function readMessageChanges(body: Readonly<Record<string, unknown>>): MessageChanges {
  const content: Record<string, unknown> = {};
  for (const [name, value] of Object.entries(body)) {
    if (ONLY_ON_DRAFTS.includes(name)) {
      throw new GraphError(400, 'ErrorInvalidPropertySet', 'Set action is invalid for property.');
    }
    const allowed = ALLOWED_VALUES[name];
    if (allowed) content[name] = oneOf(name, value, allowed);
    else if (name === 'categories') content.categories = texts(value);
    else if (name === 'flag') content.flag = flag(value);
  }
  if (body.isRead === undefined) return { content };
  if (typeof body.isRead !== 'boolean') throw invalidValue('isRead');
  return { isRead: body.isRead, content };
}

function oneOf(name: string, value: unknown, allowed: readonly string[]): string {
  if (typeof value === 'string' && allowed.includes(value.toLowerCase())) return value.toLowerCase();
  throw invalidValue(name);
}

function texts(value: unknown): string[] {
  if (Array.isArray(value) && value.every((each) => typeof each === 'string')) return value;
  throw invalidValue('categories');
}

function flag(value: unknown): object {
  const status = typeof value === 'object' && value !== null && 'flagStatus' in value ? value.flagStatus : undefined;
  if (typeof status === 'string' && FLAG_STATUSES.includes(status)) return value as object;
  throw invalidValue('flag');
}

function invalidValue(name: string): GraphError {
  return new GraphError(400, 'ErrorInvalidRequest', `Cannot convert the literal of property '${name}' to its type.`);
}
