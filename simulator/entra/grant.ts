import type { App } from './create-apps.ts';
import type { EntraContext } from './entra-context.ts';
import type { DirectoryTenant } from './entra-directory.ts';
import type { Parameters } from './form-parameters.ts';

/** A token request of an app that has proved who it is. */
export interface TokenRequest {
  readonly app: App;
  /** Undefined on `common` and `organizations`. */
  readonly tenant: DirectoryTenant | undefined;
  readonly form: Parameters;
  readonly origin: string;
  /** Lets faults strike as soon as it is known whose tokens are asked for. */
  readonly strike: (mailbox: string | undefined) => Promise<void>;
}

/** A grant checks the request and returns the body of the answer. */
export type Grant = (context: EntraContext, request: TokenRequest) => Promise<Record<string, unknown>>;
