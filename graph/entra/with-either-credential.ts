import { isFailure } from '../../domain/failure.ts';
import type { EntraSettings } from './entra-settings.ts';

/** Entra's objections to a client secret or a certificate, as opposed to the app or the sign-in. */
const ofCredential: ReadonlySet<unknown> = new Set([
  'secret-wrong',
  'secret-expired',
  'client-certificate-refused',
  'client-certificate-expired',
]);

/**
 * Calls Entra with the client secret or the certificate, and if it refuses that one, with the one before. A new one
 * reaches all of Entra's servers within minutes, and one that is revoked by mistake stops nothing while the other works.
 * Entra judges it before it looks at a code or a token, so neither is used up by the first call.
 */
export async function withEitherCredential<Result>(
  { previousSecret, previousCertificate, ...settings }: EntraSettings,
  call: (settings: EntraSettings) => Promise<Result>,
): Promise<Result> {
  try {
    return await call(settings);
  } catch (refusal) {
    const isOther = previousSecret !== undefined || previousCertificate !== undefined;
    if (!isOther || !isOfCredential(refusal)) throw refusal;
    const before = { ...settings, clientSecret: previousSecret ?? '', certificate: previousCertificate };
    return await call(before).catch((other: unknown) => {
      // What is the matter with the present one is what an administrator has to know.
      throw isOfCredential(other) ? refusal : other;
    });
  }
}

function isOfCredential(error: unknown): boolean {
  return isFailure(error, 'SettingsRejected') && ofCredential.has(error.reason);
}
