import type { Database } from '../database/database.ts';
import type { KeyRing } from '../encryption/key-ring.ts';
import type { MicrosoftCloud } from '../graph/cloud.ts';

/** What activities are made with, once for each worker. */
export interface Dependencies {
  readonly db: Database;
  readonly keys: KeyRing;
  readonly cloud: MicrosoftCloud;
  /** Messages a delta page. */
  readonly deltaPageSize: number;
  /** How often a mailbox is read when no doorbell rings, in milliseconds. */
  readonly pollIntervalMs: number;
  readonly drainHeartbeatTimeoutMs: number;
}
