import type { Database } from '../database/database.ts';
import type { WatchIntervals } from '../database/ingest/watches.ts';
import type { KeyRing } from '../encryption/key-ring.ts';
import type { MicrosoftCloud } from '../graph/cloud.ts';
import type { HeldTokens } from './access/held-tokens.ts';
import type { BodyTexts } from './message/body-text.ts';

/** What activities are made with, once for each worker. */
export interface Dependencies {
  readonly db: Database;
  readonly keys: KeyRing;
  readonly cloud: MicrosoftCloud;
  readonly tokens: HeldTokens;
  readonly bodyTexts: BodyTexts;
  /** Messages a delta page. */
  readonly deltaPageSize: number;
  readonly watchIntervals: WatchIntervals;
  /** Where Microsoft sends notifications; undefined: it cannot reach this installation. */
  readonly notificationUrl: string | undefined;
  readonly drainHeartbeatTimeoutMs: number;
  /** Temporal knows the attributes in which workflows show their accounts. */
  readonly showsColumns?: boolean | undefined;
  /** Writes a line of what an operator should know; undefined: nobody reads it. Nothing personal. */
  readonly log?: ((event: string, facts: Readonly<Record<string, unknown>>) => void) | undefined;
}
