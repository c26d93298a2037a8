import { describe, expect, it } from 'vitest';
import { ownAddressBeside } from '../../web/email/own-address-beside.ts';

describe('who most likely signs in for a shared mailbox', () => {
  it.each([
    ['who adds it, in the same domain', 'support@contoso.example', 'Anna@Contoso.example', 'Anna@Contoso.example'],
    ['nobody of another domain', 'support@contoso.example', 'anna@fabrikam.example', ''],
    ['not the mailbox itself', 'anna@contoso.example', 'Anna@Contoso.example', ''],
    ['nobody while no domain is typed', 'support', 'anna@contoso.example', ''],
    ['nobody where an API key looks at the pages', 'support', '', ''],
  ])('is %s', (_, mailbox, own, expected) => {
    expect(ownAddressBeside(mailbox, own)).toBe(expected);
  });
});
