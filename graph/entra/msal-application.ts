import { ConfidentialClientApplication, InteractionRequiredAuthError, LogLevel } from '@azure/msal-node';
import { Failure, isFailure } from '../../domain/failure.ts';
import { type ClientCertificate, certificateFacts } from '../../encryption/client-certificate.ts';
import { safeToken } from '../client/safe-token.ts';
import { UnexpectedAnswer } from '../client/unexpected-answer.ts';
import type { MicrosoftCloud } from '../cloud.ts';
import { createEntraExchange } from './entra-exchange.ts';
import type { EntraSettings } from './entra-settings.ts';

export interface MsalApplication {
  readonly application: ConfidentialClientApplication;
  /**
   * True when Entra was asked, so the token cache may have changed. MSAL's own `hasChanged` is true after every
   * `deserialize`; its `fromCache` hides that it renewed a long-lived token in the background.
   */
  readonly askedEntra: boolean;
  /** Entra's clock minus ours in milliseconds; undefined before the first request. */
  readonly clockSkewMs: number | undefined;
  /** Runs a call of MSAL and throws our failures instead of its errors. */
  run<T>(call: (application: ConfidentialClientApplication) => Promise<T>): Promise<T>;
}

/**
 * Builds an MSAL application for one use. Never reuse it for another mailbox: `deserialize` does not clear its memory,
 * so a shared instance leaks one account's tokens into another's cache.
 */
export function createMsalApplication(
  cloud: MicrosoftCloud,
  settings: EntraSettings,
  signal?: AbortSignal,
  timeoutMs?: number,
): MsalApplication {
  const { certificate } = settings;
  if (!settings.tenantId || !settings.clientId || !(settings.clientSecret || certificate)) {
    throw new Failure('SettingsRejected', 'The global properties are not complete', { reason: 'settings-missing' });
  }
  const exchange = createEntraExchange(signal, timeoutMs);
  const application = new ConfidentialClientApplication({
    auth: {
      clientId: settings.clientId,
      ...credential(settings),
      // CP1: we handle claims challenges. Without it Graph sends none and revocation takes up to an hour to show.
      clientCapabilities: ['CP1'],
      ...authority(cloud, settings.tenantId),
    },
    system: {
      networkClient: exchange,
      // MSAL's messages name accounts and scopes; errors that matter arrive as failures.
      loggerOptions: { piiLoggingEnabled: false, logLevel: LogLevel.Error, loggerCallback: () => {} },
    },
  });
  return {
    application,
    get askedEntra() {
      return exchange.wasUsed;
    },
    get clockSkewMs() {
      return exchange.clockSkewMs;
    },
    async run(call) {
      try {
        return await call(application);
      } catch (error) {
        signal?.throwIfAborted();
        throw namedByDate(exchange.refusal, certificate) ?? localFailure(error);
      }
    },
  };
}

/** With SHA-256, MSAL signs assertions by PS256 and names the certificate by `x5t#S256`; they are good for ten minutes. */
function credential({ clientSecret, certificate }: EntraSettings) {
  if (certificate === undefined) return { clientSecret };
  const { thumbprintSha256 } = certificateFacts(certificate.certificate);
  return { clientCertificate: { thumbprintSha256, privateKey: certificate.privateKey } };
}

/** Entra has one number for certificates that are over and those that it does not know; the certificate knows which. */
function namedByDate(refusal: unknown, certificate: ClientCertificate | undefined): unknown {
  if (!certificate || !isFailure(refusal) || refusal.reason !== 'client-certificate-refused') return refusal;
  if (certificateFacts(certificate.certificate).validTo.getTime() > Date.now()) return refusal;
  const { type, message, code, status, requestId } = refusal;
  return new Failure(type, message, { reason: 'client-certificate-expired', code, status, requestId });
}

/**
 * Where MSAL finds Entra. MSAL refuses an authority that is not https and would ask login.microsoftonline.com about an
 * unknown host, so the simulator gets an https name that is never dialled, declared as known (with its port), and
 * metadata with the real endpoints.
 */
function authority(cloud: MicrosoftCloud, tenantId: string) {
  const tenant = encodeURIComponent(tenantId);
  if (cloud.name !== 'simulator') return { authority: `${cloud.loginUrl}/${tenant}` };
  const { host } = new URL(cloud.loginUrl);
  return {
    authority: `https://${host}/${tenant}`,
    knownAuthorities: [host],
    authorityMetadata: JSON.stringify({
      authorization_endpoint: `${cloud.loginUrl}/${tenant}/oauth2/v2.0/authorize`,
      token_endpoint: `${cloud.loginUrl}/${tenant}/oauth2/v2.0/token`,
      end_session_endpoint: `${cloud.loginUrl}/${tenant}/oauth2/v2.0/logout`,
      jwks_uri: `${cloud.loginUrl}/${tenant}/discovery/v2.0/keys`,
      issuer: `${cloud.loginUrl}/${tenant}/v2.0`,
    }),
  };
}

/** Errors that MSAL raises itself, without asking Entra. */
function localFailure(error: unknown): unknown {
  if (!(error instanceof Error) || !('errorCode' in error)) return error;
  const code = safeToken(error.errorCode);
  if (error instanceof InteractionRequiredAuthError) {
    const reason = code === 'refresh_token_expired' ? 'sign-in-expired' : 'not-signed-in';
    return new Failure('CredentialRejected', 'There is no usable sign-in of this account', { reason, code });
  }
  if (code === 'nonce_mismatch' || code === 'state_mismatch') {
    return new Failure('CredentialRejected', "Microsoft's answer belongs to another sign-in", {
      reason: 'sign-in-mismatch',
      code,
    });
  }
  return new UnexpectedAnswer('MSAL refused the request', { code });
}
