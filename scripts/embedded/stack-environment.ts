import { variables } from '../../config/variables.ts';
import {
  DEFAULT_ADMINISTRATOR,
  DEFAULT_TENANT_ID,
  SSO_CLIENT_ID,
  SSO_CLIENT_SECRET,
} from '../../simulator/entra/default-directory.ts';
import { readJsonFile, writeJsonFile } from './json-file.ts';
import { type StackFolder, stackFolder } from './stack-folder.ts';
import { findStackHolder } from './stack-lock.ts';
import type { StackPorts } from './stack-ports.ts';

/** Mailroom's own variables in the processes of a stack. */
export type StackEnvironment = Readonly<Record<string, string>>;

export interface StackEnvironmentOptions {
  readonly given: NodeJS.ProcessEnv;
  readonly ports: StackPorts;
  readonly databaseUrl: string;
  readonly temporalAddress: string;
  readonly encryptionKeys: string;
}

/**
 * Mailroom's variables for an embedded stack. Given variables are kept, missing ones added; OIDC is the simulator's
 * unless another provider is given or mailboxes are real.
 */
export function buildStackEnvironment(options: StackEnvironmentOptions): StackEnvironment {
  const { given, ports } = options;
  const cloud = given.MICROSOFT_CLOUD || 'simulator';
  const simulatorUrl = given.SIMULATOR_URL || `http://localhost:${ports.simulator}`;
  const defaults: Record<string, string> = {
    API_PORT: String(ports.api),
    PUBLIC_URL: `http://localhost:${ports.api}`,
    TEMPORAL_ADDRESS: options.temporalAddress,
    TEMPORAL_NAMESPACE: 'default',
    ...(given.TEMPORAL_ADDRESS ? {} : { TEMPORAL_UI_URL: `http://localhost:${ports.temporalUi}` }),
    MICROSOFT_CLOUD: cloud,
    // Temporal's pages and the API are only on this machine, and the pages have no session with the API.
    CODEC_ACCESS: 'loopback',
    ...(given.DATABASE_URL_FILE ? {} : { DATABASE_URL: options.databaseUrl }),
    ...(given.ENCRYPTION_KEYS_FILE ? {} : { ENCRYPTION_KEYS: options.encryptionKeys }),
    ...(cloud === 'simulator' ? { SIMULATOR_URL: simulatorUrl, FIRST_ADMINISTRATOR: DEFAULT_ADMINISTRATOR } : {}),
    ...(cloud === 'simulator' && !given.OIDC_ISSUER
      ? {
          OIDC_ISSUER: `${simulatorUrl}/${DEFAULT_TENANT_ID}/v2.0`,
          OIDC_CLIENT_ID: SSO_CLIENT_ID,
          OIDC_CLIENT_SECRET: SSO_CLIENT_SECRET,
        }
      : {}),
  };
  const names = Object.keys(variables).flatMap((name) => [name, `${name}_FILE`]);
  const set = names.flatMap((name) => {
    const value = given[name] || defaults[name];
    return value === undefined ? [] : [[name, value] as const];
  });
  return Object.fromEntries(set);
}

/** Saves the environment for scripts that use the stack. It holds secrets: the file is readable only by our user. */
export function writeStackEnvironment(folder: StackFolder, environment: StackEnvironment): void {
  writeJsonFile(folder.environment, environment);
}

/**
 * The environment of the embedded stack that runs in a folder: for scripts that need its database, its Temporal server
 * or its API, as `readConfig({ ...readStackEnvironment(), ...process.env })`. Undefined when none runs.
 */
export function readStackEnvironment(path?: string): StackEnvironment | undefined {
  const folder = stackFolder(path);
  if (findStackHolder(folder.lock) === undefined) return undefined;
  return readJsonFile<StackEnvironment>(folder.environment);
}
