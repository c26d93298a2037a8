import { createHash, createPublicKey, X509Certificate } from 'node:crypto';
import { compactVerify, decodeJwt, decodeProtectedHeader, errors, type ProtectedHeaderParameters } from 'jose';
import type { App, Apps } from './create-apps.ts';
import { EntraError } from './entra-error.ts';
import type { Parameters } from './form-parameters.ts';

const JWT_BEARER = 'urn:ietf:params:oauth:client-assertion-type:jwt-bearer';

/** Allowed clock skew between client and simulator, in seconds. */
const CLOCK_SKEW_SECONDS = 300;

/** The client id and secret of a token request, from the form or from HTTP Basic. */
export interface ClientCredentials {
  readonly clientId: string;
  readonly clientSecret: string | undefined;
}

/**
 * Reads `client_id` and `client_secret` from the form or from an Authorization header (RFC 6749 section 2.3.1: both
 * parts are form-encoded before they are joined). Throws AADSTS900144 where no client is named.
 */
export function readClientCredentials(form: Parameters, authorization: string | undefined): ClientCredentials {
  const basic = /^Basic\s+(\S+)$/i.exec(authorization ?? '')?.[1];
  if (basic !== undefined) {
    const [id = '', ...rest] = Buffer.from(basic, 'base64').toString('utf8').split(':');
    return { clientId: decodeForm(id), clientSecret: decodeForm(rest.join(':')) };
  }
  if (!form.client_id) throw new EntraError(900144, { name: 'client_id' });
  return { clientId: form.client_id, clientSecret: form.client_secret || undefined };
}

/**
 * Checks that the request comes from the app: by secret or by an assertion signed with a registered certificate. A
 * public client sends neither. Throws AADSTS700025 (it does), 7000218 (neither), 7000215 (wrong secret), 7000222
 * (expired), 50027, 700021, 700023, 700024 and 700027 (assertion). `nowMs`: by Microsoft's clock.
 */
export async function authenticateClient(
  apps: Apps,
  app: App,
  form: Parameters,
  secret: string | undefined,
  tokenEndpoints: readonly string[],
  nowMs: number,
): Promise<void> {
  // An app without a user is never a public client.
  if (app.publicClient && form.grant_type !== 'client_credentials') {
    if (secret || form.client_assertion) throw new EntraError(700025);
    return;
  }
  if (form.client_assertion) {
    if (form.client_assertion_type !== JWT_BEARER) throw new EntraError(900144, { name: 'client_assertion_type' });
    return checkAssertion(apps, app, form.client_assertion, tokenEndpoints, nowMs);
  }
  if (!secret) throw new EntraError(7000218);
  const verdict = apps.checkSecret(app.clientId, secret);
  if (verdict === 'expired') throw new EntraError(7000222, { clientId: app.clientId });
  if (verdict === 'unknown') throw new EntraError(7000215, { clientId: app.clientId });
}

/**
 * Certificate credentials: PS256 or RS256; `x5t#S256`, or `x5t` from older clients, identifies the certificate; `aud`
 * is the token endpoint. A certificate that is over is refused like one that is not registered.
 */
async function checkAssertion(
  apps: Apps,
  app: App,
  assertion: string,
  tokenEndpoints: readonly string[],
  nowMs: number,
): Promise<void> {
  const header = readHeader(assertion);
  const thumbprint = String(header['x5t#S256'] ?? header.x5t ?? header.kid ?? '');
  const refuse = (reason: string) => new EntraError(700027, { clientId: app.clientId, reason, thumbprint });
  const registered = apps.certificates(app.clientId).map(({ pem }) => new X509Certificate(pem));
  const certificate = registered.find((each) => isNamed(each, header));
  if (!certificate) throw refuse('The key was not found.');
  const [validFrom, validTo] = [Date.parse(certificate.validFrom), Date.parse(certificate.validTo)];
  if (nowMs >= validTo) throw refuse('The key used is expired.');
  if (nowMs < validFrom) throw refuse('The key used is not yet valid.');
  const key = createPublicKey(certificate.publicKey.export({ format: 'pem', type: 'spki' }));
  try {
    await compactVerify(assertion, key, { algorithms: ['PS256', 'RS256'] });
  } catch (error) {
    if (error instanceof errors.JOSEError || error instanceof TypeError)
      throw refuse('The key was found, but use of the key to verify the signature failed.');
    throw error;
  }
  const { aud, iss, sub, exp = 0, nbf = 0 } = decodeJwt(assertion);
  if (typeof aud !== 'string' || !tokenEndpoints.includes(aud)) throw new EntraError(700023, { audience: String(aud) });
  if (iss !== app.clientId || sub !== app.clientId) throw new EntraError(700021);
  const now = Math.floor(nowMs / 1000);
  if (exp + CLOCK_SKEW_SECONDS < now || nbf - CLOCK_SKEW_SECONDS > now) {
    const time = (seconds: number) => new Date(seconds * 1_000).toISOString();
    throw new EntraError(700024, { now: time(now), from: time(nbf), until: time(exp) });
  }
}

function readHeader(assertion: string): ProtectedHeaderParameters {
  try {
    decodeJwt(assertion);
    return decodeProtectedHeader(assertion);
  } catch {
    throw new EntraError(50027);
  }
}

/** MSAL for Python pads thumbprints; other clients do not. */
function isNamed({ raw }: X509Certificate, header: ProtectedHeaderParameters): boolean {
  const named = (digest: 'sha256' | 'sha1', thumbprint: unknown) =>
    typeof thumbprint === 'string' &&
    thumbprint.replace(/=+$/, '') === createHash(digest).update(raw).digest('base64url');
  return named('sha256', header['x5t#S256']) || named('sha1', header.x5t);
}

function decodeForm(text: string): string {
  try {
    return decodeURIComponent(text.replaceAll('+', ' '));
  } catch {
    return text;
  }
}
