import type { GraphReply, RequestOptions, RunningGraph } from './start-graph.ts';
import type { Receiver } from './start-receiver.ts';

export const inMinutes = (minutes: number): string => new Date(Date.now() + minutes * 60_000).toISOString();

/** The body of a subscription to the inbox of whoever asks. */
export function aSubscription(receiver: Receiver, changes: object = {}): object {
  return {
    changeType: 'created',
    notificationUrl: `${receiver.url}/notify`,
    lifecycleNotificationUrl: `${receiver.url}/lifecycle`,
    resource: "me/mailFolders('inbox')/messages",
    expirationDateTime: inMinutes(1_000),
    clientState: 'a secret of ours',
    ...changes,
  };
}

/** Subscribes, and expects it to work. */
export async function subscribe(
  running: RunningGraph,
  receiver: Receiver,
  changes: object = {},
  options: RequestOptions = {},
): Promise<GraphReply['body']> {
  const reply = await running.graph('POST', '/subscriptions', { ...options, body: aSubscription(receiver, changes) });
  if (reply.status !== 201) throw new Error(`${reply.status} ${reply.bytes}`);
  return reply.body;
}
