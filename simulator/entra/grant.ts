import type { App } from './create-apps.ts';
import type { EntraContext } from './entra-context.ts';
import type { DirectoryTenant } from './entra-directory.ts';
import type { Parameters } from './form-parameters.ts';

/** A token request of an authenticated app. */
export interface TokenRequest {
  readonly app: App;
  /** Undefined on `common` and `organizations`. */
  readonly tenant: DirectoryTenant | undefined;
  readonly form: Parameters;
  readonly origin: string;
  /** Applies faults as soon as the user of the tokens is known. */
  readonly strike: (mailbox: string | undefined) => Promise<void>;
}

/** Checks the request and returns the body of the answer. */
export type Grant = (context: EntraContext, request: TokenRequest) => Promise<Record<string, unknown>>;
