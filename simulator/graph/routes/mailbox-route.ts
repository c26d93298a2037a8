import type { MailPermission } from '../check-permission.ts';
import type { GraphAnswer, GraphContext, MailboxCall } from '../graph-context.ts';

/** What is answered about a mailbox, and the permission that it takes. */
export interface MailboxRoute {
  readonly permission: MailPermission;
  readonly answer: (context: GraphContext, call: MailboxCall) => GraphAnswer | Promise<GraphAnswer>;
}
