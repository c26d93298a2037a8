import { EntraError } from './entra-error.ts';

/** A refusal that a person reads before returning to the app, in place of a redirect. */
export class ShownRefusal extends Error {
  override readonly name = 'ShownRefusal';
  readonly refusal: EntraError;
  constructor(refusal: EntraError) {
    super(refusal.message);
    this.refusal = refusal;
  }
}

/** With `prompt=none` a refusal goes straight back to the app; otherwise the person reads it first. */
export function showToPerson(silent: boolean, check: () => void): void {
  try {
    check();
  } catch (error) {
    if (silent || !(error instanceof EntraError)) throw error;
    throw new ShownRefusal(error);
  }
}
