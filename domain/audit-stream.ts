/** Why the receiver of the audit trail does not accept entries. Pages translate by these names: never rename one. */
export const streamProblems = [
  'unreachable',
  'untrusted',
  'timed-out',
  'busy',
  'refuses-us',
  'refuses-entries',
] as const;
export type StreamProblem = (typeof streamProblems)[number];

/** How far the audit trail is sealed, and sent to another system. */
export interface TrailState {
  /** Age of the oldest entry without a seal; 0: all are sealed. */
  readonly unsealedSeconds: number;
  /** Undefined: no worker streams. */
  readonly stream:
    | {
        /** Sealed entries that the receiver did not confirm, and the age of the oldest of them. */
        readonly waiting: number;
        readonly lagSeconds: number;
        readonly problem: string | null;
        readonly failingSince: Date | null;
        /** Entries that the receiver took and did not keep, since the beginning. */
        readonly rejected: number;
      }
    | undefined;
}
