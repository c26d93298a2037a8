import type { AuthorizeRequest, AuthorizeTarget } from './parse-authorize-request.ts';
import type { SignInWish, Visit } from './sign-in.ts';

/** A parsed authorize request. */
export interface Authorization {
  readonly visit: Visit;
  readonly target: AuthorizeTarget;
  readonly wanted: AuthorizeRequest;
  readonly wish: SignInWish;
  readonly origin: string;
}
