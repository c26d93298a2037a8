import type { DatabaseSync } from 'node:sqlite';
import { type ExtendedPropertyId, parseExtendedPropertyId } from './extended-property-id.ts';

export interface ExtendedProperty extends ExtendedPropertyId {
  readonly value: string;
}

/** The single-value extended properties of messages: a marker that a client leaves, and headers that Graph has no property for. */
export interface ExtendedProperties {
  set(messageId: number, properties: readonly ExtendedProperty[]): void;
  list(messageId: number): ExtendedProperty[];
  copy(fromMessageId: number, toMessageId: number): void;
}

export function createExtendedProperties(database: DatabaseSync): ExtendedProperties {
  const put = database.prepare(
    `INSERT INTO graph_extended_properties (message_id, key, id, value) VALUES (?, ?, ?, ?)
     ON CONFLICT (message_id, key) DO UPDATE SET value = excluded.value`,
  );
  const ofMessage = database.prepare(
    'SELECT id, value FROM graph_extended_properties WHERE message_id = ? ORDER BY key',
  );
  const copied = database.prepare(
    `INSERT INTO graph_extended_properties (message_id, key, id, value)
     SELECT ?, key, id, value FROM graph_extended_properties WHERE message_id = ?`,
  );
  return {
    set(messageId, properties) {
      for (const { key, id, value } of properties) put.run(messageId, key, id, value);
    },
    list: (messageId) =>
      ofMessage.all(messageId).map(({ id, value }) => ({ ...parseExtendedPropertyId(id), value: String(value) })),
    copy(fromMessageId, toMessageId) {
      copied.run(toMessageId, fromMessageId);
    },
  };
}
