import type { Client } from '@temporalio/client';

/** What stands in a history, a description or a list of workflows. */
export interface ReadableInTemporal {
  /** Every text that can be read without a key: also bytes, and what is base64. */
  readonly texts: readonly string[];
  /** The payloads, apart from search attributes, which the server has to read, and names of patches in our code. */
  readonly payloads: readonly FoundPayload[];
}

interface FoundPayload {
  readonly path: string;
  readonly encoding: string;
  readonly text: string;
}

interface Found {
  readonly texts: string[];
  readonly payloads: FoundPayload[];
}

/**
 * All that somebody without Mailroom's keys can read about the workflows of a namespace: every event of every run with inputs,
 * results, failures, heartbeats, memos, headers, summaries and search attributes, what is pending, and the lists.
 */
export async function readableInTemporal(client: Client): Promise<ReadableInTemporal> {
  const found: Found = { texts: [], payloads: [] };
  for await (const { workflowId, runId, raw } of client.workflow.list()) {
    const run = client.workflow.getHandle(workflowId, runId);
    collect(raw, `${workflowId}/list`, found);
    collect(await run.fetchHistory(), `${workflowId}/history`, found);
    collect((await run.describe()).raw, `${workflowId}/description`, found);
  }
  return found;
}

function collect(value: unknown, path: string, found: Found): void {
  if (typeof value === 'string') {
    found.texts.push(value);
    const decoded = /^[\w+/=-]{8,}$/.test(value) ? Buffer.from(value, 'base64').toString('utf8') : '';
    if (decoded !== '') found.texts.push(decoded);
  } else if (value instanceof Uint8Array) {
    collect(Buffer.from(value).toString('utf8'), path, found);
  } else if (typeof value === 'object' && value !== null) {
    if ('metadata' in value && 'data' in value) notePayload(value, path, found);
    for (const [name, part] of Object.entries(value)) {
      found.texts.push(name);
      collect(part, `${path}/${name}`, found);
    }
  }
}

function notePayload(
  { metadata, data }: { metadata: unknown; data: unknown },
  path: string,
  { payloads }: Found,
): void {
  const { encoding } = (metadata ?? {}) as { encoding?: Uint8Array };
  if (
    encoding === undefined ||
    /searchAttributes|indexedFields|markerRecordedEventAttributes\/details\/patch-data/.test(path)
  )
    return;
  const text = Buffer.from((data as Uint8Array | null) ?? []).toString('utf8');
  payloads.push({ path, encoding: Buffer.from(encoding).toString('utf8'), text });
}
