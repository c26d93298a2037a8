import type { DatabaseSync } from 'node:sqlite';
import type { Faults } from '../faults.ts';
import type { Stats } from '../stats.ts';
import type { AccessTokenIssuer } from './access-tokens.ts';
import type { AuthorizationCodes } from './authorization-codes.ts';
import type { Apps } from './create-apps.ts';
import type { Consents } from './create-consents.ts';
import type { DeviceCodes } from './device-codes.ts';
import type { EntraDirectory } from './entra-directory.ts';
import type { RefreshTokens } from './refresh-tokens.ts';
import type { Sessions } from './sessions.ts';

/** The dependencies of the simulated Entra's routes. */
export interface EntraContext {
  readonly database: DatabaseSync;
  readonly directory: EntraDirectory;
  readonly accessTokens: AccessTokenIssuer;
  readonly apps: Apps;
  readonly consents: Consents;
  readonly sessions: Sessions;
  readonly codes: AuthorizationCodes;
  readonly deviceCodes: DeviceCodes;
  readonly refreshTokens: RefreshTokens;
  readonly faults: Faults;
  readonly stats: Stats;
}
