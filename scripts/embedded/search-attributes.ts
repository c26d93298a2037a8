import { Connection } from '@temporalio/client';
import { registerSearchAttributes } from '../../temporal/search-attributes.ts';
import { connectionOptions, type TemporalServer } from '../../temporal/server-address.ts';

export interface NamespaceAddress extends TemporalServer {
  readonly namespace: string;
}

/** A server on this machine or near it answers quickly or not at all. */
const CONNECT_WITHIN_MS = 5_000;

/** Registers Mailroom's search attributes with a server, over a connection of its own. */
export async function ensureSearchAttributes({ namespace, ...server }: NamespaceAddress): Promise<void> {
  const connection = await Connection.connect({ ...connectionOptions(server), connectTimeout: CONNECT_WITHIN_MS });
  try {
    await registerSearchAttributes(connection, namespace);
  } finally {
    await connection.close();
  }
}
