import { htmlFromText, textFromHtml } from '../mail/convert-body.ts';
import type { Mailbox } from './create-mailboxes.ts';
import type { Messages } from './create-messages.ts';
import { GraphError, unknownProperty } from './graph-error.ts';
import { changeKey, conversationId, folderId, immutableMessageId, messageId } from './identifiers.ts';
import type { Preferences } from './parse-prefer.ts';
import type { StoredMessage } from './stored-message.ts';

/** How an answer shows its messages. */
export interface MessageView {
  readonly mailbox: Mailbox;
  readonly prefer: Preferences;
  /** Null: all properties except those that need `$select`. */
  readonly select: ReadonlySet<string> | null;
  /** Mail.ReadBasic: no bodies and no previews. */
  readonly isBasic: boolean;
}

/** Part of every answer without `$select`. */
const DEFAULT_PROPERTIES = [
  ...['id', 'createdDateTime', 'lastModifiedDateTime', 'changeKey', 'categories', 'receivedDateTime', 'sentDateTime'],
  ...['hasAttachments', 'internetMessageId', 'subject', 'bodyPreview', 'importance', 'parentFolderId'],
  ...['conversationId', 'conversationIndex', 'isDeliveryReceiptRequested', 'isReadReceiptRequested', 'isRead'],
  ...['isDraft', 'webLink', 'inferenceClassification', 'body', 'sender', 'from', 'toRecipients', 'ccRecipients'],
  ...['bccRecipients', 'replyTo', 'flag'],
];

/** Only with `$select`. */
const SELECTED_PROPERTIES = ['internetMessageHeaders', 'uniqueBody'];

const KNOWN_PROPERTIES: ReadonlyMap<string, string> = new Map(
  [...DEFAULT_PROPERTIES, ...SELECTED_PROPERTIES].map((name) => [name.toLowerCase(), name]),
);

const BASIC_HIDES: ReadonlySet<string> = new Set(['body', 'bodyPreview', 'uniqueBody']);

/** Validates the names in `$select`; throws Graph's error for unknown ones. The id is always included. */
export function selectProperties(names: readonly string[] | null): ReadonlySet<string> | null {
  if (names === null || names.includes('*')) return null;
  const known = names.map((name) => {
    const property = KNOWN_PROPERTIES.get(name.toLowerCase());
    if (!property) throw unknownProperty(name, 'microsoft.graph.message');
    return property;
  });
  return new Set(['id', ...known]);
}

export function idOf({ mailbox, prefer }: Pick<MessageView, 'mailbox' | 'prefer'>, message: StoredMessage): string {
  return prefer.immutableIds ? immutableMessageId(mailbox, message) : messageId(mailbox, message);
}

/** A message in Graph's format. `only` restricts it to some properties, as delta does for later changes. */
export function renderMessage(
  messages: Messages,
  view: MessageView,
  message: StoredMessage,
  only?: ReadonlySet<string>,
): Record<string, unknown> {
  const { mailbox, select, isBasic } = view;
  const key = changeKey(mailbox, message.lastSeq);
  const { '@odata.type': type, ...content } = message.content;
  const all: Record<string, unknown> = {
    ...(type ? { '@odata.type': type } : {}),
    '@odata.etag': `W/"${key}"`,
    id: idOf(view, message),
    createdDateTime: utcSeconds(message.createdAt),
    lastModifiedDateTime: utcSeconds(message.modifiedAt),
    changeKey: key,
    receivedDateTime: utcSeconds(message.receivedAt),
    ...content,
    parentFolderId: folderId(mailbox, message.folderNumber),
    conversationId: conversationId(mailbox, message.conversation),
    isRead: message.isRead,
    webLink: webLink(mailbox, message),
  };
  const wants = (name: string): boolean =>
    (only?.has(name) ?? true) && (select?.has(name) ?? !SELECTED_PROPERTIES.includes(name));
  if (!isBasic && wants('body')) all.body = renderBody(messages, view, message);
  if (!isBasic && wants('uniqueBody')) all.uniqueBody = renderBody(messages, view, message);
  if (wants('internetMessageHeaders')) all.internetMessageHeaders = messages.readHeaders(message);
  const names = Object.keys(all).filter((name) => isBasic && BASIC_HIDES.has(name));
  for (const name of names) delete all[name];
  if (select === null && only === undefined) return all;
  const isKept = (name: string): boolean => name === 'id' || name.startsWith('@') || wants(name);
  return Object.fromEntries(Object.entries(all).filter(([name]) => isKept(name)));
}

function renderBody(messages: Messages, { prefer }: MessageView, message: StoredMessage): unknown {
  const { text, html } = messages.readBody(message);
  // Graph returns HTML by default, even for plain-text mail (learn.microsoft.com/graph/api/message-get).
  if (prefer.bodyType === 'text') {
    return { contentType: 'text', content: text ?? textFromHtml(html ?? '') };
  }
  const isPlainDraft = message.content.isDraft === true && html === null;
  if (isPlainDraft && prefer.bodyType === null) return { contentType: 'text', content: text ?? '' };
  return { contentType: 'html', content: html ?? htmlFromText(text ?? '') };
}

function webLink(mailbox: Mailbox, message: StoredMessage): string {
  const id = messageId(mailbox, message).replaceAll('-', '/').replaceAll('_', '+');
  const query = `ItemID=${encodeURIComponent(id)}&exvsurl=1&viewmodel=ReadMessageItem`;
  return `https://outlook.office365.com/owa/?${query}`;
}

export function utcSeconds(seconds: number): string {
  return `${new Date(seconds * 1000).toISOString().slice(0, 19)}Z`;
}

/** `If-Match` with a change key other than the message's. */
export function checkIfMatch(view: Pick<MessageView, 'mailbox'>, message: StoredMessage, ifMatch?: string): void {
  if (!ifMatch || ifMatch === '*') return;
  if (!ifMatch.includes(changeKey(view.mailbox, message.lastSeq))) {
    const text =
      'The send or update operation could not be performed because the change key passed in the request does not match the current change key for the item.';
    throw new GraphError(412, 'ErrorIrresolvableConflict', text);
  }
}
