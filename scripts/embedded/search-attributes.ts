import { Connection } from '@temporalio/client';
import proto from '@temporalio/proto';
import { connectionOptions, type TemporalServer } from '../../temporal/server-address.ts';
import { searchAttributeTypes } from '../../workflows/contract.ts';

export interface NamespaceAddress extends TemporalServer {
  readonly namespace: string;
}

const { IndexedValueType } = proto.temporal.api.enums.v1;
const valueTypes = {
  Keyword: IndexedValueType.INDEXED_VALUE_TYPE_KEYWORD,
  Double: IndexedValueType.INDEXED_VALUE_TYPE_DOUBLE,
} as const;

/** A server on this machine or near it answers at once, or is not there. */
const CONNECT_WITHIN_MS = 5_000;

/**
 * Registers the attributes by which operators search workflows, where they are missing: a workflow that sets one that
 * is not registered fails. Rejects when the server does not answer or does not know the namespace.
 */
export async function ensureSearchAttributes({ namespace, ...server }: NamespaceAddress): Promise<void> {
  const connection = await Connection.connect({ ...connectionOptions(server), connectTimeout: CONNECT_WITHIN_MS });
  try {
    const { customAttributes } = await connection.operatorService.listSearchAttributes({ namespace });
    const missing = Object.entries(searchAttributeTypes).filter(([name]) => !(name in customAttributes));
    if (missing.length === 0) return;
    await connection.operatorService.addSearchAttributes({
      namespace,
      searchAttributes: Object.fromEntries(missing.map(([name, type]) => [name, valueTypes[type]])),
    });
  } finally {
    await connection.close();
  }
}
