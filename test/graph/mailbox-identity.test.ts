import fc from 'fast-check';
import { expect, test } from 'vitest';
import { parseMailboxIdentity } from '../../graph/mail/mailbox-identity.ts';

test('lists every address of the mailbox once, in lower case', () => {
  expect(
    parseMailboxIdentity({
      id: 'oid',
      mail: 'Help@Contoso.example',
      userPrincipalName: 'help@contoso.onmicrosoft.example',
      proxyAddresses: ['SMTP:help@contoso.example', 'smtp:Support@contoso.example', 'x500:/o=x', 'sip:help@contoso', 7],
    }),
  ).toEqual({
    objectId: 'oid',
    mail: 'Help@Contoso.example',
    userPrincipalName: 'help@contoso.onmicrosoft.example',
    addresses: ['help@contoso.example', 'help@contoso.onmicrosoft.example', 'support@contoso.example'],
  });
});

test('a user without a mailbox has only a principal name', () => {
  expect(parseMailboxIdentity({ id: 'oid', mail: null, userPrincipalName: 'a@b', proxyAddresses: [] })).toMatchObject({
    mail: undefined,
    addresses: ['a@b'],
  });
});

test('never throws', () => {
  fc.assert(fc.property(fc.anything(), (json) => void parseMailboxIdentity(json)));
});
