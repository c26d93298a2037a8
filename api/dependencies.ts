import type { Logger } from 'pino';
import type { Config } from '../config/environment.ts';
import type { Database } from '../database/database.ts';
import type { Pulse } from '../database/processes/pulse.ts';
import type { ClientCertificate } from '../encryption/client-certificate.ts';
import type { KeyRing } from '../encryption/key-ring.ts';
import type { MicrosoftCloud } from '../graph/cloud.ts';
import type { SignIn } from '../graph/entra/sign-in.ts';
import type { Contents } from '../temporal/contents.ts';
import type { Mailboxes } from '../temporal/mailboxes.ts';
import type { ChangeFeed } from './changes/change-feed.ts';
import type { RemoteImages } from './images/remote-images.ts';

export interface ApiDependencies {
  readonly db: Database;
  readonly keys: KeyRing;
  /** For Entra, from the files of this process. */
  readonly certificate?: ClientCertificate | undefined;
  readonly mailboxes: Mailboxes;
  /** Starts the workflow that sends an answer. Returns at once; while Temporal is away, a worker starts it later. */
  readonly startSending: (answerId: string, waitMs: number) => void;
  readonly contents: Contents;
  /** Changes made by any process. The caller closes it. */
  readonly changes: ChangeFeed;
  /** Checks that the database takes writes and the keys match. */
  readonly footing: Pulse['check'];
  /** True when the Temporal server answers. Never throws. */
  readonly temporalAnswers: () => Promise<boolean>;
  /** How many workflows have an activity that an operator paused in Temporal. Never throws. */
  readonly pausedWorkflows: () => Promise<number>;
  readonly signIn: Omit<SignIn, 'redeem'>;
  readonly cloud: MicrosoftCloud;
  readonly config: Pick<Config, 'api' | 'oidc' | 'temporal' | 'content'>;
  readonly logger: Logger;
  /** Fetches images of other servers; without it, directly. The app closes it. */
  readonly remoteImages?: RemoteImages | undefined;
  /** Folder of the built pages; without it the plain start page is served. */
  readonly webPages?: string | undefined;
}

/** Where Microsoft redirects browsers after the sign-in to a mailbox. */
export function signInRedirectUri({ config }: Pick<ApiDependencies, 'config'>): string {
  return `${config.api.publicUrl}/api/v1/email/sign-in/callback`;
}
