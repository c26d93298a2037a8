import { describe, expect, it } from 'vitest';
import { acknowledgedAddress } from '../../domain/acknowledgement.ts';

const own = new Set(['support@contoso.example']);
const aMail = (headers: Readonly<Record<string, string>> = {}, address = 'ada@example.org') =>
  acknowledgedAddress(
    { from: { name: 'Ada', address }, headers: Object.entries(headers).map(([name, value]) => ({ name, value })) },
    own,
  );

describe('an acknowledgement', () => {
  it('goes to the sender of the envelope, or to the author where the mail does not name it', () => {
    expect(aMail()).toEqual({ address: 'ada@example.org' });
    expect(aMail({ 'Return-Path': '<ada@mail.example.org>' })).toEqual({ address: 'ada@mail.example.org' });
    expect(aMail({ 'Return-Path': 'ada@example.org', 'Auto-Submitted': 'no' })).toEqual({ address: 'ada@example.org' });
  });

  it.each<[string, Readonly<Record<string, string>>]>([
    ['an automatic reply', { 'Auto-Submitted': 'auto-replied' }],
    ['an automatic reply of Exchange', { 'Auto-Submitted': 'auto-generated; x=y' }],
    ['a bounce', { 'Return-Path': '<>' }],
    ['a delivery report', { 'Content-Type': 'multipart/report; report-type=delivery-status' }],
    ['a list', { 'List-Id': 'News <news.example.org>' }],
    ['a newsletter', { 'List-Unsubscribe': '<mailto:a@b.example>' }],
    ['bulk mail', { Precedence: 'bulk' }],
    ['another responder', { 'X-Autoreply': 'yes' }],
  ])('answers no program: %s', (_what, headers) => {
    expect(aMail(headers)).toEqual({ outcome: 'automatic-mail' });
  });

  it.each([
    ['no-reply@example.org', 'automatic-mail'],
    ['donotreply@example.org', 'automatic-mail'],
    ['MAILER-DAEMON@example.org', 'automatic-mail'],
    ['Support@Contoso.example', 'own-mailbox'],
    ['', 'no-sender'],
    ['/o=exchange/cn=recipients/cn=ada', 'no-sender'],
  ])('does not go to %s', (address, outcome) => {
    expect(aMail({}, address)).toEqual({ outcome });
  });

  it('does not go to one of our own mailboxes by way of the envelope either, nor to who asks for none', () => {
    expect(aMail({ 'Return-Path': '<support@contoso.example>' })).toEqual({ outcome: 'own-mailbox' });
    expect(aMail({ 'X-Auto-Response-Suppress': 'OOF, AutoReply' })).toEqual({ outcome: 'asks-for-none' });
    expect(aMail({ 'X-Auto-Response-Suppress': 'RN, NRN' })).toEqual({ address: 'ada@example.org' });
  });
});
