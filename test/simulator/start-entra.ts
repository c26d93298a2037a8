import Fastify from 'fastify';
import { openSimulatorDatabase } from '../../simulator/database.ts';
import { createAccessTokens } from '../../simulator/entra/access-tokens.ts';
import type { AccessTokens } from '../../simulator/entra/contract.ts';
import { createDirectory } from '../../simulator/entra/create-directory.ts';
import type { EntraDirectory } from '../../simulator/entra/entra-directory.ts';
import { registerEntra } from '../../simulator/entra/register-entra.ts';
import { createFaults, type Faults } from '../../simulator/faults.ts';
import { createStats, type Stats } from '../../simulator/stats.ts';
import { letUsersConsent } from '../support/let-users-consent.ts';

export interface RunningEntra {
  readonly origin: string;
  readonly directory: EntraDirectory;
  readonly accessTokens: AccessTokens;
  readonly faults: Faults;
  readonly stats: Stats;
  /** Sends JSON to the control API and returns the JSON answer; throws on a refusal. */
  control(method: string, path: string, body?: unknown): Promise<unknown>;
  close(): Promise<void>;
}

export interface StartEntraOptions {
  readonly database?: string;
  readonly https?: { readonly key: string; readonly cert: string };
  /** False: only administrators consent to reading mail, and one has; as in the simulator by default. */
  readonly usersConsent?: boolean;
}

/** Starts the Entra half of the simulator alone, on a free port of loopback. */
export async function startEntra({ usersConsent = true, ...options }: StartEntraOptions = {}): Promise<RunningEntra> {
  const database = openSimulatorDatabase(options.database ?? ':memory:');
  const directory = createDirectory(database);
  const accessTokens = createAccessTokens(database);
  const faults = createFaults(database);
  const stats = createStats();
  const app = Fastify({ forceCloseConnections: true, https: options.https ?? null });
  await registerEntra(app as unknown as Parameters<typeof registerEntra>[0], {
    database,
    directory,
    accessTokens,
    faults,
    stats,
  });
  const address = await app.listen({ host: '127.0.0.1', port: 0 });
  const origin = address.replace('127.0.0.1', 'localhost');
  if (usersConsent) await letUsersConsent(address);
  return {
    origin,
    directory,
    accessTokens,
    faults,
    stats,
    async control(method, path, body) {
      const response = await fetch(`${address}${path}`, {
        method,
        ...(body === undefined ? {} : { body: JSON.stringify(body), headers: { 'content-type': 'application/json' } }),
      });
      const text = await response.text();
      if (!response.ok) throw new Error(`${method} ${path}: ${response.status} ${text}`);
      return text === '' ? undefined : JSON.parse(text);
    },
    async close() {
      await app.close();
      database.close();
    },
  };
}
