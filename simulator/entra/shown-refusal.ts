import { EntraError } from './entra-error.ts';

/** A refusal shown to the user before they return to the app, instead of a redirect. */
export class ShownRefusal extends Error {
  override readonly name = 'ShownRefusal';
  readonly refusal: EntraError;
  constructor(refusal: EntraError) {
    super(refusal.message);
    this.refusal = refusal;
  }
}

/** With `prompt=none`, a refusal is redirected to the app; otherwise the user sees it first. */
export function showToPerson(silent: boolean, check: () => void): void {
  try {
    check();
  } catch (error) {
    if (silent || !(error instanceof EntraError)) throw error;
    throw new ShownRefusal(error);
  }
}
