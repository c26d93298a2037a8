import { isFailure } from '../../domain/failure.ts';
import type { EntraSettings } from './entra-settings.ts';

/** Entra's objections to a client secret, as opposed to the app or the sign-in. */
const ofSecret: ReadonlySet<unknown> = new Set(['secret-wrong', 'secret-expired']);

/**
 * Calls Entra with the client secret, and if it refuses that one, with the one before. A new secret reaches all of Entra's
 * servers within minutes, and one that is revoked by mistake stops nothing while the other works. Entra judges the secret
 * before it looks at a code or a token, so neither is used up by the first call.
 */
export async function withEitherSecret<Result>(
  { previousSecret, ...settings }: EntraSettings,
  call: (settings: EntraSettings) => Promise<Result>,
): Promise<Result> {
  try {
    return await call(settings);
  } catch (refusal) {
    if (previousSecret === undefined || !isOfSecret(refusal)) throw refusal;
    return await call({ ...settings, clientSecret: previousSecret }).catch((other: unknown) => {
      // What is the matter with the present secret is what an administrator has to know.
      throw isOfSecret(other) ? refusal : other;
    });
  }
}

function isOfSecret(error: unknown): boolean {
  return isFailure(error, 'SettingsRejected') && ofSecret.has(error.reason);
}
