import type { AuthorizeRequest, AuthorizeTarget } from './parse-authorize-request.ts';
import type { SignInWish, Visit } from './sign-in.ts';

/** One request to authorize, taken apart. */
export interface Authorization {
  readonly visit: Visit;
  readonly target: AuthorizeTarget;
  readonly wanted: AuthorizeRequest;
  readonly wish: SignInWish;
  readonly origin: string;
}
