import { describe, expect, it } from 'vitest';
import { readAuthentication } from '../../domain/mail-authentication.ts';

type Header = { readonly name: string; readonly value: string };

const received = (by: string, from = 'mail.example.net (192.0.2.1)'): Header => ({
  name: 'Received',
  value: `from ${from} by ${by} (10.152.4.1) with Microsoft SMTP Server id 15.20.1; Fri, 27 Nov 2026 09:00:00 +0000`,
});
const results = (value: string): Header => ({ name: 'Authentication-Results', value });
const EDGE = 'DB5EUR01FT012.mail.protection.outlook.com';
const inner = [
  received('AM0PR01MB1.eurprd01.prod.outlook.com', 'DB9PR01MB2.eurprd01.prod.outlook.com (2603::1)'),
  received('AS9PR06CA01.outlook.office365.com', 'DB5EUR01FT012.eop-EUR01.prod.protection.outlook.com (2603::2)'),
];
const stamped = (value: string) => readAuthentication([...inner, results(value), received(EDGE)]);

describe('authentication of a mail', () => {
  it('is read as Exchange stamps it', () => {
    const whole = stamped(
      'spf=pass (sender IP is 192.0.2.1) smtp.mailfrom=bounce.shop.example; dkim=pass (signature was verified)' +
        ' header.d=Shop.example;dmarc=pass action=none header.from=shop.example;compauth=pass reason=100',
    );
    expect(whole).toEqual({
      verdict: 'passed',
      spf: { result: 'pass', domain: 'bounce.shop.example' },
      dkim: { result: 'pass', domain: 'shop.example' },
      dmarc: { result: 'pass', domain: 'shop.example' },
    });
  });

  it.each([
    [
      'failed',
      'spf=pass smtp.mailfrom=a.example; dkim=none header.d=none; dmarc=fail action=quarantine header.from=bank.example',
    ],
    ['failed', 'spf=none; dkim=none; dmarc=none action=none header.from=x.example; compauth=fail reason=001'],
    ['failed', 'spf=fail (a;dmarc=pass) smtp.mailfrom=x.example; dkim=fail header.d=x.example; dmarc=none'],
    ['unproven', 'spf=softfail smtp.mailfrom=x.example; dkim=none; dmarc=none'],
    [
      'unproven',
      'spf=fail smtp.mailfrom=list.example; dkim=none; dmarc=fail header.from=x.example; compauth=pass reason=130',
    ],
    ['unproven', 'spf=fail smtp.mailfrom=x.example; dkim=pass header.d=x.example; dmarc=temperror'],
    [
      'passed',
      'spf=fail; dkim=fail header.d=a.example; dkim=pass header.d=x.example; dmarc=pass header.from=x.example',
    ],
    ['passed', 'spf=pass; dmarc=bestguesspass action=none header.from=x.example'],
    ['unproven', 'something else entirely'],
    ['unproven', ''],
  ])('is %s by %s', (verdict, value) => {
    expect(stamped(value)?.verdict).toBe(verdict);
  });

  it('shows the signature that passed', () => {
    expect(stamped('dkim=fail header.d=a.example; dkim=pass header.d=b.example')?.dkim).toEqual({
      result: 'pass',
      domain: 'b.example',
    });
  });

  it.each<[string, readonly Header[]]>([
    ['no headers were given', []],
    ['no server of Exchange took the mail over', [results('dmarc=pass'), received('mx.elsewhere.example')]],
    ['Exchange stamped nothing', [...inner, received(EDGE), results('dmarc=pass header.from=bank.example')]],
    [
      'the sender forged a whole way through Exchange',
      [...inner, received(EDGE), results('dmarc=pass'), received(EDGE), results('dmarc=pass')],
    ],
    [
      'the sender put results and an inner hop below',
      [
        ...inner,
        received(EDGE),
        received('AM0PR01MB1.eurprd01.prod.outlook.com'),
        results('dmarc=pass'),
        received(EDGE),
      ],
    ],
    [
      'the server only has a name like one of Exchange',
      [results('dmarc=pass'), received('x.mail.protection.outlook.com.evil.example')],
    ],
    [
      'a comment names the server',
      [results('dmarc=pass'), { name: 'Received', value: `from a (by ${EDGE}) by mx.evil.example; date` }],
    ],
  ])('is not known where %s', (_, headers) => {
    expect(readAuthentication(headers)).toBeNull();
  });

  it('believes what Exchange stamped, not what the sender put below', () => {
    const headers = [...inner, results('dmarc=fail header.from=bank.example'), received(EDGE), results('dmarc=pass')];
    expect(readAuthentication(headers)?.verdict).toBe('failed');
  });

  it('is internal for mail that never came from outside', () => {
    const auth = { name: 'X-MS-Exchange-Organization-AuthAs', value: 'Internal' };
    expect(readAuthentication([inner[0] as Header, auth])?.verdict).toBe('internal');
    expect(readAuthentication([received(EDGE), auth])).toBeNull();
    expect(readAuthentication(null)).toBeNull();
  });
});
