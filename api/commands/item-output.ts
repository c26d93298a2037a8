import { minuteOf, printTable, printText, shorten } from './print.ts';
import type { Schemas } from './typed-api.ts';

type Item = Schemas['Item'];
type ItemWithMessage = Schemas['ItemWithMessage'];

/** Items as a table, one a line. */
export function printItems(items: readonly Item[]): void {
  printTable(
    ['RECEIVED', 'STATE', 'QUEUE', 'HELD BY', 'FROM', 'SUBJECT', 'ITEM'],
    items.map((item) => [
      minuteOf(item.receivedAt),
      item.state,
      item.queue?.name ?? 'none',
      holderOf(item),
      item.from?.address ?? '-',
      item.contentDeletedAt === null ? shorten(item.subject) : '(deleted)',
      item.id,
    ]),
  );
}

/** One item with its message and what colleagues wrote about it. */
export function printItem(item: ItemWithMessage, notes: readonly Schemas['Note'][]): void {
  const { message } = item;
  const facts: readonly (readonly [string, string | null | undefined])[] = [
    ['Item', item.id],
    ['State', item.claim ? `${item.state} by ${holderOf(item)}` : item.state],
    ['Queue', item.queue?.name ?? 'none'],
    ['Why', item.why],
    ['Due', item.dueAt && minuteOf(item.dueAt)],
    ['Parked', item.parked && (item.parked.until ? minuteOf(item.parked.until) : 'until the customer writes')],
    ['Outcome', item.outcome],
    ['Tags', item.tags.join(', ')],
    ['Mailbox', item.account.address],
    ['From', mailbox(item.from)],
    ['To', message?.recipients.to.map(mailbox).join(', ')],
    ['Cc', message?.recipients.cc.map(mailbox).join(', ')],
    ['Received', minuteOf(item.receivedAt)],
    ['Subject', item.subject],
    [
      'Attachments',
      message?.attachments
        .filter(({ isInline }) => !isInline)
        .map(({ name }) => name)
        .join(', '),
    ],
  ];
  for (const [name, value] of facts) if (value) printText(`${`${name}:`.padEnd(13)}${value.replace(/\s+/g, ' ')}`);
  printText('');
  printText(message ? message.text.trimEnd() : `The message was deleted at ${minuteOf(item.contentDeletedAt)}.`);
  for (const { name, by, at, text } of notes) printText(`\nNote of ${name ?? by}, ${minuteOf(at)}:\n${text}`);
}

function mailbox(correspondent: Item['from']): string {
  if (!correspondent) return '';
  const { name, address } = correspondent;
  return name && address && name !== address ? `${name} <${address}>` : (address ?? name ?? '');
}

function holderOf({ claim, parked, assignee }: Item): string {
  const holder = claim ?? parked ?? assignee;
  return holder ? (holder.name ?? holder.by) : '-';
}
