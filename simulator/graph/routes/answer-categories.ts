import { invalidValue } from '../drafts/read-values.ts';
import type { GraphAnswer, GraphContext, MailboxCall } from '../graph-context.ts';
import { GraphError, itemNotFound } from '../graph-error.ts';
import type { Category } from '../settings/create-categories.ts';
import { checkIsObject } from './find-in-call.ts';

/** `GET /outlook/masterCategories` (learn.microsoft.com/graph/api/outlookuser-list-mastercategories). */
export function listCategories({ categories }: GraphContext, call: MailboxCall): GraphAnswer {
  return { status: 200, body: { '@odata.context': contextOf(call), value: categories.list(call.mailbox) } };
}

export function getCategory(context: GraphContext, call: MailboxCall): GraphAnswer {
  return categoryAnswer(call, 200, findCategory(context, call));
}

export function createCategory({ categories }: GraphContext, call: MailboxCall): GraphAnswer {
  const { displayName, color = 'none' } = checkIsObject(call.body);
  if (typeof displayName !== 'string' || displayName.trim() === '') throw invalidValue('displayName');
  const created = categories.create(call.mailbox, displayName, readColor(color));
  if (!created) throw new GraphError(409, 'ErrorObjectExists', 'The specified category already exists.');
  return categoryAnswer(call, 201, created);
}

/** A category keeps its name for life. */
export function recolourCategory(context: GraphContext, call: MailboxCall): GraphAnswer {
  const category = findCategory(context, call);
  const color = readColor(checkIsObject(call.body).color);
  context.categories.recolour(call.mailbox, category.id, color);
  return categoryAnswer(call, 200, { ...category, color });
}

export function deleteCategory(context: GraphContext, call: MailboxCall): GraphAnswer {
  context.categories.remove(call.mailbox, findCategory(context, call).id);
  return { status: 204 };
}

function findCategory({ categories }: GraphContext, call: MailboxCall): Category {
  const category = categories.find(call.mailbox, call.path.keys[0] ?? '');
  if (!category) throw itemNotFound();
  return category;
}

function readColor(color: unknown): string {
  if (typeof color === 'string' && /^(?:none|preset(?:\d|1\d|2[0-4]))$/i.test(color)) return color.toLowerCase();
  throw invalidValue('color');
}

function categoryAnswer(call: MailboxCall, status: number, category: Category): GraphAnswer {
  return { status, body: { '@odata.context': `${contextOf(call)}/$entity`, ...category } };
}

function contextOf(call: MailboxCall): string {
  return `${call.base}/$metadata#${call.entity}/outlook/masterCategories`;
}
