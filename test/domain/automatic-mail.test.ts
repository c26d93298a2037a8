import { describe, expect, it } from 'vitest';
import { findAutomatic, refusesAutomaticAnswers } from '../../domain/automatic-mail.ts';

const kindOf = (...headers: readonly (readonly [string, string])[]) =>
  findAutomatic({ headers: headers.map(([name, value]) => ({ name, value })) })?.kind;
const kindFrom = (address: string, replyTo: string[] = []) =>
  findAutomatic({
    from: { address },
    headers: null,
    recipients: { to: [], cc: [], bcc: [], replyTo: replyTo.map((each) => ({ address: each })) },
  })?.kind;

describe('automatic mail', () => {
  it.each([
    ['reply', 'Auto-Submitted', 'auto-replied'],
    ['reply', 'auto-submitted', ' Auto-Replied (vacation); owner-email="a@b.example"'],
    ['reply', 'Precedence', 'auto_reply'],
    ['reply', 'X-Autoreply', 'yes'],
    ['reply', 'X-Autorespond', 'Out of office'],
    ['report', 'Content-Type', 'multipart/report; report-type=delivery-status; boundary=x'],
    ['report', 'Content-Type', 'Multipart/Report; report-type="disposition-notification"'],
    ['report', 'X-Failed-Recipients', 'jo@example.net'],
    ['notification', 'Auto-Submitted', 'auto-generated'],
    ['notification', 'Auto-Submitted', 'something-new'],
    ['notification', 'Return-Path', '<>'],
    ['notification', 'Return-Path', ''],
    ['list', 'Precedence', 'Bulk'],
    ['list', 'List-Id', 'Offers <offers.shop.example>'],
    ['list', 'List-Unsubscribe', '<mailto:off@shop.example>'],
    ['list', 'List-Post', 'NO (posting not allowed)'],
  ])('is %s by %s: %s', (kind, name, value) => {
    expect(kindOf(['Subject', 'Order'], [name, value])).toBe(kind);
  });

  it.each([
    ['Auto-Submitted', 'no'],
    ['Auto-Submitted', 'No (written by hand)'],
    ['Auto-Submitted', ''],
    ['X-Autoreply', 'no'],
    ['Return-Path', '<jo@example.net>'],
    ['Precedence', 'normal'],
    ['Precedence', 'first-class'],
    ['Content-Type', 'multipart/alternative; boundary="multipart/report"'],
    ['X-Auto-Response-Suppress', 'All'],
    ['Subject', 'Automatic reply: I am away'],
    ['List-Id', ''],
  ])('is not a mail that says %s: %s', (name, value) => {
    expect(kindOf([name, value])).toBeUndefined();
  });

  it('is named by its strongest mark, and says which header that is', () => {
    const headers = [
      { name: 'Precedence', value: 'bulk' },
      { name: 'Auto-Submitted', value: 'auto-replied' },
      { name: 'Return-Path', value: '<>' },
    ];
    expect(findAutomatic({ headers })).toEqual({ kind: 'reply', header: 'Auto-Submitted', value: 'auto-replied' });
    const report = { name: 'Content-Type', value: 'multipart/report; report-type=delivery-status' };
    expect(findAutomatic({ headers: [...headers, report] })?.kind).toBe('report');
  });

  it.each([
    ['mailer-daemon@example.net', 'report'],
    ['Postmaster@example.net', 'report'],
    ['MicrosoftExchange329e71ec88ae4615bbc36ab6ce41109e@contoso.example', 'report'],
    ['no-reply@shop.example', 'notification'],
    ['donotreply@shop.example', 'notification'],
    ['noreply+order-1@shop.example', 'notification'],
    ['nora.reply@shop.example', undefined],
    ['noreplyland@shop.example', undefined],
    ['jo@noreply.example', undefined],
    ['', undefined],
  ])('without headers is known by its sender: %s', (address, kind) => {
    expect(kindFrom(address)).toBe(kind);
  });

  it('is not the mail of a form that names the customer as who gets the answer', () => {
    expect(kindFrom('noreply@shop.example', ['jo@example.net'])).toBeUndefined();
    expect(kindFrom('noreply@shop.example', ['no-reply@shop.example'])).toBe('notification');
  });

  it('is apart from mail that only asks programs not to answer', () => {
    const asks = (value: string) => refusesAutomaticAnswers({ headers: [{ name: 'X-Auto-Response-Suppress', value }] });
    expect(['All', 'OOF', 'DR, RN, NRN, OOF, AutoReply', 'dr, autoreply'].map(asks)).toEqual([true, true, true, true]);
    expect(['DR, RN', 'None', ''].map(asks)).toEqual([false, false, false]);
    expect(refusesAutomaticAnswers({ headers: null })).toBe(false);
  });
});
