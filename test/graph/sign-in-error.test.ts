import { expect, test } from 'vitest';
import { Failure } from '../../domain/failure.ts';
import { UnexpectedAnswer } from '../../graph/client/unexpected-answer.ts';
import { parseSignInError } from '../../graph/entra/sign-in-error.ts';

test.each([
  ['consent declined', { error: 'access_denied', error_description: 'AADSTS65004: User declined' }, 'consent-denied'],
  ['cancelled', { error: 'access_denied', error_subcode: 'cancel' }, 'consent-denied'],
  ['approval needed', { error: 'consent_required', error_description: 'AADSTS90094: x' }, 'admin-consent-needed'],
  [
    'approval needed and given up',
    { error: 'access_denied', error_subcode: 'cancel', error_description: 'AADSTS90094: x' },
    'admin-consent-needed',
  ],
  ['approval asked for', { error: 'access_denied', error_description: 'AADSTS90095: x' }, 'admin-consent-needed'],
  ['not assigned', { error: 'access_denied', error_description: 'AADSTS50105: x' }, 'not-assigned'],
  ['policy', { error: 'access_denied', error_description: 'AADSTS53003: x' }, 'blocked-by-policy'],
  ['no session', { error: 'login_required', error_description: 'AADSTS50058: x' }, 'interaction-required'],
  ['denied', { error: 'access_denied', error_description: 'no number' }, 'access-denied'],
  ['old admin consent', { error: 'permission_denied', error_description: 'The admin canceled' }, 'consent-denied'],
])('at the redirect URI, %s has a reason of its own', (_name, query, reason) => {
  expect(parseSignInError(query)).toMatchObject({ type: 'CredentialRejected', reason });
});

test('a fault of the settings is told apart from one of the person', () => {
  expect(parseSignInError({ error: 'unauthorized_client', error_description: 'AADSTS700016: x' })).toMatchObject({
    type: 'SettingsRejected',
    reason: 'app-not-found',
  });
  expect(parseSignInError({ error: 'server_error' })).toMatchObject({ type: 'Unavailable' });
});

test.each([[{}], [{ error: ['access_denied', 'x'] }], [{ error: '<script>' }], [{ error: 'constructor' }]])(
  'the query %j is taken for no known error',
  (query) => {
    expect(parseSignInError(query)).toBeInstanceOf(UnexpectedAnswer);
  },
);

test('nothing of the description gets into the failure', () => {
  const failure = parseSignInError({
    error: 'access_denied',
    error_description: "AADSTS50105: user 'anna@contoso.example' is not assigned",
  });
  expect(failure).toBeInstanceOf(Failure);
  expect(JSON.stringify(failure) + failure.message).not.toContain('anna');
});
