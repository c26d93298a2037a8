import type proto from '@temporalio/proto';
import { Worker } from '@temporalio/worker';
import { inject } from 'vitest';
import type { KeyRing } from '../../encryption/key-ring.ts';
import { createDataConverter } from '../../temporal/data-converter.ts';

export interface ReplayOptions {
  /** What its payloads are encrypted with. */
  readonly keys: KeyRing;
  /** File with the bundled workflows; ours when it is not given. */
  readonly workflowBundlePath?: string;
}

/** Replays a history. Rejects with a DeterminismViolationError when these workflows would not have made it. */
export async function replayHistory(
  history: proto.temporal.api.history.v1.IHistory,
  { keys, workflowBundlePath = inject('workflowBundlePath') }: ReplayOptions,
): Promise<void> {
  const { failureConverterPath, payloadCodecs } = createDataConverter(keys);
  await Worker.runReplayHistory(
    {
      workflowBundle: { codePath: workflowBundlePath },
      dataConverter: { payloadCodecs: payloadCodecs ?? [], failureConverterPath: failureConverterPath ?? '' },
    },
    history,
    history.events?.[0]?.workflowExecutionStartedEventAttributes?.workflowId ?? undefined,
  );
}
