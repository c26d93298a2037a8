import fc from 'fast-check';
import { expect, test } from 'vitest';
import { parseClaimsChallenge } from '../../graph/client/middleware/claims-challenge.ts';

const claims = '{"access_token":{"nbf":{"essential":true,"value":"1604106651"}}}';

test('the claims of a challenge are decoded', () => {
  const header =
    'Bearer realm="", authorization_uri="https://login.microsoftonline.com/common/oauth2/authorize", ' +
    'client_id="00000003-0000-0000-c000-000000000000", error="insufficient_claims", ' +
    `claims="${Buffer.from(claims).toString('base64')}"`;
  expect(parseClaimsChallenge(header)).toBe(claims);
});

test.each([
  [null],
  [''],
  ['Bearer realm=""'],
  ['Bearer claims=""'],
  ['Bearer claims="%%%"'],
  [`Bearer claims="${Buffer.from('no json').toString('base64')}"`],
  [`Bearer claims="${Buffer.from('7').toString('base64')}"`],
])('%j asks for no claims', (header) => {
  expect(parseClaimsChallenge(header)).toBeUndefined();
});

test('never throws', () => {
  fc.assert(fc.property(fc.string(), (header) => void parseClaimsChallenge(`claims="${header}"`)));
});
