import { Client, Connection } from '@temporalio/client';
import type { KeyRing } from '../encryption/key-ring.ts';
import { createDataConverter } from './data-converter.ts';
import { connectionOptions, type TemporalServer } from './server-address.ts';

export interface TemporalOptions extends TemporalServer {
  readonly namespace: string;
  readonly keys: KeyRing;
}

/**
 * A client that connects on its first call: the API starts while Temporal is away, and reports that in its readiness.
 */
export function openTemporalClient({ namespace, keys, ...server }: TemporalOptions): Client {
  const connection = Connection.lazy(connectionOptions(server));
  return new Client({ connection, namespace, dataConverter: createDataConverter(keys) });
}

/** True when the server answers its health check within the deadline (milliseconds). Never throws. */
export async function temporalAnswers(client: Client, deadlineMs = 1_000): Promise<boolean> {
  try {
    const { healthService } = client.connection as Connection;
    const { status } = await client.withDeadline(Date.now() + deadlineMs, () =>
      healthService.check({ service: 'temporal.api.workflowservice.v1.WorkflowService' }),
    );
    return status === 1;
  } catch {
    return false;
  }
}
