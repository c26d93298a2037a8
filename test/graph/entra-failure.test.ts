import { describe, expect, test } from 'vitest';
import { Failure } from '../../domain/failure.ts';
import { UnexpectedAnswer } from '../../graph/client/unexpected-answer.ts';
import { parseEntraError } from '../../graph/entra/entra-error.ts';
import { entraFailure } from '../../graph/entra/entra-failure.ts';
import { sample } from './sample.ts';

function refused(status: number, error: string | undefined, code?: number, suberror?: string) {
  const failure = entraFailure({ status, error, suberror, codes: code === undefined ? [] : [code] });
  return failure instanceof Failure ? [failure.type, failure.reason] : [failure.name];
}

describe('a refusal of the token endpoint', () => {
  test.each([
    [400, 'invalid_grant', 700082, undefined, 'sign-in-expired'],
    [400, 'invalid_grant', 70008, undefined, 'sign-in-expired'],
    [400, 'invalid_grant', 70043, 'bad_token', 'sign-in-frequency'],
    [400, 'invalid_grant', 70043, 'token_expired', 'sign-in-frequency'],
    [400, 'invalid_grant', 99999, 'token_expired', 'sign-in-expired'],
    [400, 'invalid_grant', 530003, undefined, 'device-required'],
    [400, 'interaction_required', 53000, 'message_only', 'device-required'],
    [400, 'invalid_grant', 50131, undefined, 'blocked-by-policy'],
    [400, 'access_denied', 530032, undefined, 'blocked-by-policy'],
    [400, 'invalid_grant', 53011, 'message_only', 'risk-blocked'],
    [400, 'invalid_grant', 50158, undefined, 'external-challenge'],
    [400, 'invalid_request', 50158, undefined, 'external-challenge'],
    [400, 'access_denied', 53003, 'message_only', 'server-blocked-by-policy'],
    [400, 'invalid_grant', 53003, undefined, 'server-blocked-by-policy'],
    [400, 'invalid_grant', 50173, 'bad_token', 'password-changed'],
    [400, 'invalid_grant', 50057, undefined, 'account-disabled'],
    [400, 'invalid_grant', 50034, undefined, 'account-not-found'],
    [400, 'invalid_grant', 50053, undefined, 'account-locked'],
    [400, 'invalid_grant', 65001, 'consent_required', 'consent-needed'],
    [400, 'invalid_grant', 99999, 'consent_required', 'consent-needed'],
    [400, 'invalid_grant', 50076, 'basic_action', 'mfa-needed'],
    [400, 'invalid_grant', 54005, undefined, 'code-expired'],
    [400, 'invalid_grant', 501481, undefined, 'sign-in-mismatch'],
    [400, 'invalid_grant', undefined, undefined, 'sign-in-expired'],
    [400, 'interaction_required', 50079, undefined, 'mfa-needed'],
    [400, 'interaction_required', 53003, undefined, 'server-blocked-by-policy'],
    [400, 'login_required', 50058, undefined, 'interaction-required'],
    [400, 'consent_required', 90094, undefined, 'admin-consent-needed'],
    [400, 'consent_required', undefined, undefined, 'consent-needed'],
    [400, 'access_denied', 50105, undefined, 'not-assigned'],
  ])('%i %s %s %s asks the account to sign in again: %s', (status, error, code, suberror, reason) => {
    expect(refused(status, error, code, suberror)).toEqual(['CredentialRejected', reason]);
  });

  test.each([
    [401, 'invalid_client', 7000215, 'secret-wrong'],
    [401, 'invalid_client', 7000222, 'secret-expired'],
    [401, 'invalid_client', 7000218, 'settings-missing'],
    [401, 'invalid_client', 700027, 'client-certificate-refused'],
    [400, 'invalid_client', 50011, 'redirect-uri-wrong'],
    [400, 'unauthorized_client', 700016, 'app-not-found'],
    [400, 'unauthorized_client', 7000112, 'app-disabled'],
    [400, 'invalid_resource', 500014, 'resource-disabled'],
    [400, 'invalid_grant', 500014, 'resource-disabled'],
    [400, 'unauthorized_client', 500011, 'resource-disabled'],
    [400, 'invalid_request', 90002, 'tenant-not-found'],
    [400, 'invalid_tenant', 90002, 'tenant-not-found'],
    [400, 'invalid_resource', 650057, 'app-misconfigured'],
    [400, 'invalid_scope', 70011, 'app-misconfigured'],
  ])('%i %s %i is a fault of the settings and of no account: %s', (status, error, code, reason) => {
    expect(refused(status, error, code)).toEqual(['SettingsRejected', reason]);
  });

  test.each([
    [429, undefined, undefined, 'Throttled'],
    [400, 'temporarily_unavailable', 90055, 'Throttled'],
    [400, 'invalid_grant', 50196, 'Throttled'],
    [503, undefined, undefined, 'Unavailable'],
    [500, 'invalid_grant', 700082, 'Unavailable'],
    [400, 'temporarily_unavailable', undefined, 'Unavailable'],
    [400, 'server_error', 90012, 'Unavailable'],
    [400, 'invalid_grant', 90033, 'Unavailable'],
  ])('%i %s %s passes by itself: %s', (status, error, code, type) => {
    expect(refused(status, error, code)[0]).toBe(type);
  });

  test.each([
    [400, 'invalid_request', 900144],
    [400, 'unsupported_grant_type', 70003],
    [404, undefined, undefined],
    [302, undefined, undefined],
  ])('%i %s %s is a fault of ours, and nobody is asked to sign in for it', (status, error, code) => {
    expect(refused(status, error, code)).toEqual(['UnexpectedAnswer']);
  });

  test('53003 in the browser is a policy, and says nothing of the server', () => {
    expect(entraFailure({ error: 'access_denied', codes: [53003] })).toMatchObject({ reason: 'blocked-by-policy' });
  });

  test('recorded bodies of Entra are understood', () => {
    const interaction = entraFailure(parseEntraError(sample('entra-token-error-interaction-required')));
    expect(interaction).toMatchObject({
      type: 'CredentialRejected',
      reason: 'mfa-needed',
      code: 'AADSTS50079',
      requestId: 'b72a68c3-0926-4b8e-bc35-3150069c2800',
    });
    const badToken = entraFailure(parseEntraError(sample('entra-token-error-bad-token')));
    expect(badToken).toMatchObject({ type: 'CredentialRejected', reason: 'sign-in-expired', code: 'AADSTS9002313' });
  });

  test('nothing of the description gets into the failure', () => {
    const body = {
      error: 'invalid_grant',
      error_description:
        "AADSTS50034: The user account {EmailHidden} anna@contoso.example doesn't exist.\r\nTrace ID: x",
      trace_id: 'not an id: anna@contoso.example',
    };
    const failure = entraFailure(parseEntraError(body));
    expect(failure).toMatchObject({ reason: 'account-not-found', code: 'AADSTS50034', requestId: undefined });
    expect(JSON.stringify(failure) + failure.message + failure.stack).not.toContain('anna');
  });

  test.each([
    [undefined],
    [null],
    ['<html>'],
    [[]],
    [{ error: {} }],
    [{ error_codes: ['x', 1.5] }],
    [{ error: 'a b' }],
  ])('the body %j is no error of Entra, and does no harm', (body) => {
    expect(entraFailure(parseEntraError(body))).toBeInstanceOf(UnexpectedAnswer);
  });
});
