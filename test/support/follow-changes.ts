import { expect } from 'vitest';
import { eventually } from './eventually.ts';

interface ServerSentEvent {
  readonly event: string;
  readonly data: { readonly changes?: readonly { readonly topic: string; readonly ids?: readonly string[] }[] };
}

/** What came of a stream until now, and whether it has ended. */
export interface FollowedChanges {
  readonly status: number;
  readonly headers: Headers;
  readonly events: readonly ServerSentEvent[];
  readonly hasEnded: boolean;
}

/** Reads the stream of changes of an API in the background; resolves when it has begun. */
export async function followChanges(
  url: string,
  headers: Readonly<Record<string, string>>,
  signal: AbortSignal,
): Promise<FollowedChanges> {
  const response = await fetch(`${url}/api/v1/changes`, { headers, signal });
  const events: ServerSentEvent[] = [];
  const stream = { status: response.status, headers: response.headers, events, hasEnded: false };
  void (async () => {
    let unread = '';
    for await (const piece of (response.body as ReadableStream<Uint8Array>).pipeThrough(new TextDecoderStream())) {
      const blocks = (unread + piece).split('\n\n');
      unread = blocks.pop() ?? '';
      for (const block of blocks) {
        const event = /^event: (.*)$/m.exec(block)?.[1];
        const data = /^data: (.*)$/m.exec(block)?.[1];
        if (event !== undefined) events.push({ event, data: JSON.parse(data ?? '{}') });
      }
    }
  })()
    .catch(() => {})
    .finally(() => {
      stream.hasEnded = true;
    });
  await eventually(() => expect(events[0]).toMatchObject({ event: 'ready' }));
  return stream;
}

/** All changes that a stream told. */
export const told = ({ events }: FollowedChanges) => events.flatMap(({ data }) => data.changes ?? []);
