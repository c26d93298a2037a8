/** One entry of the `value` that is posted to a notification URL. */
export interface Notification {
  readonly subscriptionId: string;
  readonly url: string;
  /** A lifecycle event instead of a change. */
  readonly isLifecycle: boolean;
  /** Primary address of the mailbox, which faults refer to. */
  readonly mailbox: string;
  /** The entry as JSON. */
  readonly json: string;
  /** Milliseconds since 1970. */
  readonly happenedAt: number;
}
