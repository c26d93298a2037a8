import { Failure, isFailure } from '../../domain/failure.ts';
import { type CertificateFacts, certificateFacts } from '../../encryption/client-certificate.ts';
import { isWrongClock } from '../client/clock-skew.ts';
import { UnexpectedAnswer } from '../client/unexpected-answer.ts';
import type { MicrosoftCloud } from '../cloud.ts';
import { createEntraExchange } from './entra-exchange.ts';
import type { EntraSettings } from './entra-settings.ts';
import { isGuid } from './guid.ts';
import { createMsalApplication } from './msal-application.ts';
import {
  findingOfReason,
  type SettingsFinding,
  type SettingsFindingCode,
  settingsFinding,
} from './settings-finding.ts';

export type { SettingsFinding, SettingsFindingCode } from './settings-finding.ts';

/** Time limit of one request; an administrator waits for the result. */
const CHECK_TIMEOUT_MS = 10_000;
/** Time limit of all requests together: MSAL may send more than one. */
export const CHECK_WITHIN_MS = 25_000;

/**
 * Tries the global properties against Entra and reports the problems in words. First, problems visible in the values
 * alone; then the tenant's discovery document, which is missing when the tenant does not exist; then a token for the
 * app itself (client credentials, `.default`): Entra issues one even to an app without any application permission, so a
 * refusal concerns the client ID or the secret. A missing admin consent is no fault: people may be allowed to consent
 * for themselves.
 *
 * Never throws for what it finds; throws Unavailable when the whole check takes longer than `withinMs` milliseconds.
 */
export async function checkSettings(
  cloud: MicrosoftCloud,
  settings: EntraSettings,
  withinMs: number,
): Promise<SettingsFinding[]> {
  const visible = visibleFindings(settings).map((code) => settingsFinding(code));
  if (visible.some(({ severity }) => severity === 'error')) return visible;
  const signal = AbortSignal.timeout(withinMs);
  let clockSkewMs: number | undefined;
  try {
    clockSkewMs = await readDiscovery(cloud, settings.tenantId, signal);
    await createMsalApplication(cloud, settings, signal, CHECK_TIMEOUT_MS).run((application) =>
      application.acquireTokenByClientCredential({ scopes: [`${cloud.scopeBase}/.default`], skipCache: true }),
    );
    return [settingsFinding('settings-work'), ...clockFindings(clockSkewMs)];
  } catch (error) {
    if (signal.aborted) {
      throw new Failure('Unavailable', 'Microsoft did not answer in time', { reason: 'network', code: 'timeout' });
    }
    const finding = findingOf(error);
    if (finding.code === 'clock-wrong') {
      // Entra judges a certificate's signature by its own clock: here the warning is the refusal.
      const clockSkewSeconds = clockSkewMs === undefined ? undefined : Math.round(clockSkewMs / 1_000);
      return [{ ...finding, severity: 'error', clockSkewSeconds }, ...visible];
    }
    // The hint is more helpful than the refusal that it explains.
    const found = finding.code === 'secret-wrong' ? [...visible, finding] : [finding, ...visible];
    return [...found, ...clockFindings(clockSkewMs)];
  }
}

/** A wrong clock makes sign-ins fail, although the values are good. */
function clockFindings(skewMs: number | undefined): SettingsFinding[] {
  if (!isWrongClock(skewMs)) return [];
  return [settingsFinding('clock-wrong', { clockSkewSeconds: Math.round(skewMs / 1_000) })];
}

/** Problems that the values show without a request. */
function visibleFindings({ tenantId, clientId, clientSecret, certificate }: EntraSettings): SettingsFindingCode[] {
  const codes: SettingsFindingCode[] = [];
  if (tenantId === '') codes.push('tenant-id-missing');
  else if (/^(common|organizations|consumers)$/i.test(tenantId)) codes.push('tenant-id-shared');
  else if (!isGuid(tenantId) && !isDomain(tenantId)) codes.push('tenant-id-malformed');

  if (clientId === '') codes.push('client-id-missing');
  else if (!isGuid(clientId)) codes.push('client-id-malformed');
  else if (clientId.toLowerCase() === tenantId.toLowerCase()) codes.push('ids-equal');

  if (certificate) {
    if (!isOfNow(certificateFacts(certificate.certificate))) codes.push('client-certificate-expired');
  } else if (clientSecret === '') codes.push('client-secret-missing');
  else if (isGuid(clientSecret)) codes.push('secret-looks-like-id');
  return codes;
}

function isOfNow({ validFrom, validTo }: CertificateFacts): boolean {
  const nowMs = Date.now();
  return validFrom.getTime() <= nowMs && nowMs < validTo.getTime();
}

function isDomain(value: string): boolean {
  return value.length <= 253 && /^[\da-z]([\da-z-]{0,61}[\da-z])?(\.[\da-z]([\da-z-]{0,61}[\da-z])?)+$/i.test(value);
}

/**
 * Entra's clock minus ours, in milliseconds. Throws when the tenant has no discovery document: 400 with
 * `invalid_tenant` and AADSTS90002.
 */
async function readDiscovery(cloud: MicrosoftCloud, tenantId: string, signal: AbortSignal) {
  const path = `${encodeURIComponent(tenantId)}/v2.0/.well-known/openid-configuration`;
  const exchange = createEntraExchange(signal, CHECK_TIMEOUT_MS);
  await exchange.sendGetRequestAsync(`${cloud.loginUrl}/${path}`);
  return exchange.clockSkewMs;
}

function findingOf(error: unknown): SettingsFinding {
  if (isFailure(error)) {
    const { reason, code: reference, status, requestId } = error;
    return settingsFinding(findingOfReason(reason), { reference, status, requestId });
  }
  if (!(error instanceof UnexpectedAnswer)) throw error;
  const { code, status, requestId } = error;
  return settingsFinding('answer-unknown', { reference: code ?? String(status), status, requestId });
}
