/** A property in `$filter`, as SQL. */
export interface Column {
  readonly sql: string;
  /** `exact` is case-sensitive, and so can use an index. */
  readonly kind: 'time' | 'boolean' | 'number' | 'text' | 'exact' | 'conversation' | 'property-id';
}

/** What a filter can refer to: the properties of an item, and its collections in `any` and `all`. */
export interface FilterColumns {
  readonly properties: ReadonlyMap<string, Column>;
  /** The SQL of the elements, and their comparable properties by path below the variable; '' is the element itself. */
  readonly collections: ReadonlyMap<string, { readonly sql: string; readonly elements: ReadonlyMap<string, Column> }>;
}

const CATEGORY: ReadonlyMap<string, Column> = new Map([['', { sql: 'value', kind: 'text' }]]);

const RECIPIENT: ReadonlyMap<string, Column> = new Map([
  ['/emailAddress/address', { sql: "coalesce(json_extract(value, '$.emailAddress.address'), '')", kind: 'text' }],
  ['/emailAddress/name', { sql: "coalesce(json_extract(value, '$.emailAddress.name'), '')", kind: 'text' }],
]);

const EXTENDED_PROPERTY: ReadonlyMap<string, Column> = new Map([
  ['/id', { sql: 'p.key', kind: 'property-id' }],
  ['/value', { sql: 'p.value', kind: 'exact' }],
]);

/** Over `graph_messages m`. */
export const MESSAGE_FILTER: FilterColumns = {
  properties: new Map([
    ['receivedDateTime', { sql: 'm.received_at', kind: 'time' }],
    ['sentDateTime', { sql: 'm.sent_at', kind: 'time' }],
    ['createdDateTime', { sql: 'm.created_at', kind: 'time' }],
    ['lastModifiedDateTime', { sql: 'm.modified_at', kind: 'time' }],
    ['isRead', { sql: 'm.is_read', kind: 'boolean' }],
    ['isDraft', { sql: "json_extract(m.content, '$.isDraft')", kind: 'boolean' }],
    ['conversationId', { sql: 'hex(m.conversation)', kind: 'conversation' }],
    ['hasAttachments', { sql: 'm.has_attachments', kind: 'boolean' }],
    ['importance', { sql: 'm.importance', kind: 'text' }],
    ['subject', { sql: "coalesce(m.subject, '')", kind: 'text' }],
    ['internetMessageId', { sql: 'm.internet_message_id', kind: 'exact' }],
    ['from/emailAddress/address', { sql: "coalesce(m.from_address, '')", kind: 'text' }],
  ]),
  collections: new Map([
    [
      'singleValueExtendedProperties',
      {
        sql: '(SELECT key, value FROM graph_extended_properties WHERE message_id = m.id) p',
        elements: EXTENDED_PROPERTY,
      },
    ],
    ['categories', { sql: "json_each(m.content, '$.categories')", elements: CATEGORY }],
    ...['toRecipients', 'ccRecipients', 'bccRecipients', 'replyTo'].map(
      (name) => [name, { sql: `json_each(m.content, '$.${name}')`, elements: RECIPIENT }] as const,
    ),
  ]),
};

/** Over `graph_folders f`, with its count of `children`. */
export const FOLDER_FILTER: FilterColumns = {
  properties: new Map([
    ['displayName', { sql: 'f.display_name', kind: 'text' }],
    ['isHidden', { sql: 'f.hidden', kind: 'boolean' }],
    ['totalItemCount', { sql: 'f.total', kind: 'number' }],
    ['unreadItemCount', { sql: 'f.unread', kind: 'number' }],
    ['childFolderCount', { sql: 'children', kind: 'number' }],
  ]),
  collections: new Map(),
};
