import { randomBytes } from 'node:crypto';
import { Connection } from '@temporalio/client';
import { inject } from 'vitest';
import { ensureSearchAttributes } from '../../scripts/embedded/search-attributes.ts';

export interface TestNamespace {
  /** Host and port of the Temporal server. */
  readonly address: string;
  readonly namespace: string;
}

/**
 * A Temporal namespace of its own, with the search attributes registered: task queues and workflow ids of one test
 * file cannot meet those of another. It needs no clean-up; the server forgets everything at the end of the run.
 */
export async function createTestNamespace(): Promise<TestNamespace> {
  const address = inject('temporalAddress');
  const namespace = `test-${randomBytes(6).toString('hex')}`;
  await makeNamespace({ address, namespace });
  await ensureSearchAttributes({ address, namespace });
  return { address, namespace };
}

/** Registers a namespace, and nothing in it. */
export async function makeNamespace({ address, namespace }: TestNamespace): Promise<void> {
  const connection = await Connection.connect({ address });
  try {
    await connection.workflowService.registerNamespace({
      namespace,
      workflowExecutionRetentionPeriod: { seconds: 24 * 3_600 } as never,
    });
  } finally {
    await connection.close();
  }
}
