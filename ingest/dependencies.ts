import type { ContentCacheLimits } from '../database/content/sweep-contents.ts';
import type { Database } from '../database/database.ts';
import type { WatchIntervals } from '../database/ingest/watches.ts';
import type { ClientCertificate } from '../encryption/client-certificate.ts';
import type { KeyRing } from '../encryption/key-ring.ts';
import type { MicrosoftCloud } from '../graph/cloud.ts';
import type { HeldTokens } from './access/held-tokens.ts';
import type { SendingTimes } from './answers/sending-times.ts';
import type { ContentTurnTimes } from './content/content-turn-times.ts';
import type { Scanner } from './content/scanner.ts';
import type { BodyTexts } from './message/body-text.ts';

/** The ports of activities, created once per worker. */
export interface Dependencies {
  readonly db: Database;
  readonly keys: KeyRing;
  /** For Entra, from the files of this process. */
  readonly certificate?: ClientCertificate | undefined;
  readonly cloud: MicrosoftCloud;
  readonly tokens: HeldTokens;
  /** For sending; without the permissions, CredentialRejected with `consent-needed`. */
  readonly sendingTokens: HeldTokens;
  readonly bodyTexts: BodyTexts;
  /** Messages per delta page. */
  readonly deltaPageSize: number;
  readonly watchIntervals: WatchIntervals;
  /** The URL for Microsoft's notifications; undefined: Microsoft cannot reach this installation. */
  readonly notificationUrl: string | undefined;
  readonly drainHeartbeatTimeoutMs: number;
  /** Missing: those of `SENDING_TIMES`. */
  readonly sendingTimes?: Partial<SendingTimes> | undefined;
  /** Temporal knows the search attributes in which workflows show their accounts. */
  readonly showsColumns?: boolean | undefined;
  /** Undefined: what is read for people is never deleted. */
  readonly contentCache?: ContentCacheLimits | undefined;
  /** Missing: those of `CONTENT_TURN_TIMES`. */
  readonly contentTurnTimes?: Partial<ContentTurnTimes> | undefined;
  /** Looks at what is read for people; undefined: there is none. */
  readonly scanner?: Scanner | undefined;
  /** Logs an event for operators, without personal data; undefined: events are dropped. */
  readonly log?: ((event: string, facts: Readonly<Record<string, unknown>>) => void) | undefined;
}
