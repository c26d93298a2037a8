/** Why a single sign-on is refused, as a closed list. */
export const signOnRefusals = [
  'not-added',
  'disabled',
  'other-person',
  'not-mapped',
  'claim-left-out',
  'signed-out-meanwhile',
  'other-step-up',
  'not-recent',
  'other-tenant',
  'no-address',
  'declined',
  'code-expired',
  'client-refused',
  'unusable-answer',
  'unknown-attempt',
  'other-issuer',
] as const;
export type SignOnRefusal = (typeof signOnRefusals)[number];

/** A single sign-on that ends without a session. */
export class SignOnRefused extends Error {
  override readonly name = 'SignOnRefused';
  readonly reason: SignOnRefusal;
  /** The address with which the person signed in at the provider, if any: for the page, not for logs. */
  readonly address: string | undefined;

  constructor(
    reason: SignOnRefusal,
    options: { readonly cause?: unknown; readonly address?: string | undefined } = {},
  ) {
    super(`The sign-on was refused: ${reason}`, { cause: options.cause });
    this.reason = reason;
    this.address = options.address;
  }
}
