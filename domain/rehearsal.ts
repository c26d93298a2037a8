import { createRouter, type Decision, type RoutableMessage, type Routing } from './routing.ts';

/** A message with its earlier routing. */
export interface RoutedMessage extends RoutableMessage {
  /** The queue it was put into; null: none. */
  readonly queueId: string | null;
}

/** A message that would change its queue. */
export interface Move<Message extends RoutedMessage> {
  readonly message: Message;
  readonly decision: Decision;
}

/** Number of messages that would go from one queue to another; null: no queue. */
export interface Flow {
  readonly from: string | null;
  readonly to: string | null;
  readonly count: number;
}

/**
 * Applies a routing to messages that another one routed. Returns the messages that would move, and the flows, largest
 * first.
 */
export function rehearse<Message extends RoutedMessage>(
  routing: Routing,
  messages: readonly Message[],
): { readonly moves: readonly Move<Message>[]; readonly flows: readonly Flow[] } {
  const router = createRouter(routing);
  const moves = messages
    .map((message) => ({ message, decision: router.decide(message) }))
    .filter(({ message, decision }) => decision.queueId !== message.queueId);
  const counts = new Map<string, Flow>();
  for (const { message, decision } of moves) {
    const key = `${message.queueId} ${decision.queueId}`;
    const count = (counts.get(key)?.count ?? 0) + 1;
    counts.set(key, { from: message.queueId, to: decision.queueId, count });
  }
  return { moves, flows: [...counts.values()].sort((one, other) => other.count - one.count) };
}
