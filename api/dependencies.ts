import type { Logger } from 'pino';
import type { Config } from '../config/environment.ts';
import type { Database } from '../database/database.ts';
import type { Pulse } from '../database/processes/pulse.ts';
import type { KeyRing } from '../encryption/key-ring.ts';
import type { MicrosoftCloud } from '../graph/cloud.ts';
import type { SignIn } from '../graph/entra/sign-in.ts';
import type { Mailboxes } from '../temporal/mailboxes.ts';
import type { ChangeFeed } from './changes/change-feed.ts';

/** All that the API stands on. */
export interface ApiDependencies {
  readonly db: Database;
  readonly keys: KeyRing;
  readonly mailboxes: Mailboxes;
  /** What any process changes. The caller closes it. */
  readonly changes: ChangeFeed;
  /** Whether the database takes what is written, and the keys fit. */
  readonly footing: Pulse['check'];
  /** True when the Temporal server answers. Never throws. */
  readonly temporalAnswers: () => Promise<boolean>;
  readonly signIn: Pick<SignIn, 'buildSignInUrl' | 'adminConsentUrl' | 'checkSettings'>;
  readonly cloud: MicrosoftCloud;
  readonly config: Pick<Config, 'api' | 'oidc' | 'temporal'>;
  readonly logger: Logger;
  /** The folder of the built pages; without it the plain start page is shown. */
  readonly webPages?: string | undefined;
}

/** Where Microsoft sends browsers back to after the sign-in to a mailbox. */
export function signInRedirectUri({ config }: Pick<ApiDependencies, 'config'>): string {
  return `${config.api.publicUrl}/api/v1/email/sign-in/callback`;
}
