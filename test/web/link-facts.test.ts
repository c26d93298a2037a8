import { describe, expect, it } from 'vitest';
import { findLinkFacts } from '../../web/mail/link-facts.ts';

const doubts = (href: string, words = 'here') => findLinkFacts(href, words)?.doubts;
const target = (href: string) => findLinkFacts(href, 'here')?.target;
/** Proofpoint, version 3: the replaced characters in base64. */
const v3 = (address: string, replaced = '') =>
  `https://urldefense.com/v3/__${address}__;${Buffer.from(replaced).toString('base64url')}!!AbC!x$`;

describe('where a link leads', () => {
  it.each([
    [
      'https://nam12.safelinks.protection.outlook.com/?url=https%3A%2F%2Fshop.example%2Fa&data=x',
      'https://shop.example/a',
    ],
    [
      'https://statics.teams.cdn.office.net/evergreen-assets/safelinks/1/atp-safelinks.html?url=https%3A%2F%2Fshop.example%2F',
      'https://shop.example/',
    ],
    ['https://urldefense.proofpoint.com/v1/url?u=http://shop.example/a%3Fb%3D1&k=x', 'http://shop.example/a?b=1'],
    [
      'https://urldefense.proofpoint.com/v2/url?u=https-3A__shop.example_a-5Fb-3Fc-3D1&d=x',
      'https://shop.example/a_b?c=1',
    ],
    [v3('https://shop.example/a'), 'https://shop.example/a'],
    [v3('https:/shop.example/a'), 'https://shop.example/a'],
    [v3('https://shop.example/a*b**Bc*d', '?[]{#'), 'https://shop.example/a?b[]{c#d'],
    ['https://linkprotect.cudasvc.com/url?a=https%3a%2f%2fshop.example%2fa&c=E,1', 'https://shop.example/a'],
    ['https://protect-eu.mimecast.com/s/AbCdE?domain=shop.example', 'https://shop.example/'],
    ['https://secure-web.cisco.com/1AbC-x/https%3A%2F%2Fshop.example%2Fa', 'https://shop.example/a'],
    [
      'https://eu-central-1.protection.sophos.com/?d=shop.example&u=aHR0cHM6Ly9zaG9wLmV4YW1wbGUvYQ==&i=x',
      'https://shop.example/a',
    ],
    ['https://clicktime.symantec.com/3Ab?u=https%3A%2F%2Fshop.example%2F', 'https://shop.example/'],
    ['https://www.google.com/url?sa=D&q=https://shop.example/&ust=1', 'https://shop.example/'],
    ['https://www.google.co.uk/url?url=https://shop.example/', 'https://shop.example/'],
    ['https://l.facebook.com/l.php?u=https%3A%2F%2Fshop.example%2F&h=x', 'https://shop.example/'],
    [
      `https://eur01.safelinks.protection.outlook.com/?url=${encodeURIComponent(v3('https://shop.example/a'))}`,
      'https://shop.example/a',
    ],
  ])('is shown behind %s', (href, shown) => {
    expect(target(href)).toBe(shown);
    expect(doubts(href, 'www.shop.example')).toEqual([]);
    expect(doubts(href, 'www.bank.example')).toEqual(['other-host']);
  });

  it.each([
    'https://safelinks.protection.outlook.com.evil.example/?url=https%3A%2F%2Fbank.example%2F',
    'https://evilmimecast.com/s/a?domain=bank.example',
    'https://www.google.com/search?q=https://bank.example/',
    'https://www.google.com.evil.example/url?q=https://bank.example/',
    'https://click.shop.example/?u=https%3A%2F%2Fbank.example%2F',
    'https://l.facebook.com/l.php?u=javascript:alert(1)',
    'https://urldefense.com/v3/__javascript:alert(1)__;!!a',
    'https://eu.protection.sophos.com/?u=%%%',
  ])('is not believed of others: %s', (href) => {
    expect(doubts(href, 'www.bank.example')).toEqual(['other-host']);
  });

  it('is found in wrappings of wrappings, but not without end', () => {
    const wrapped = (times: number): string =>
      times === 0 ? 'https://shop.example/' : `https://www.google.com/url?q=${encodeURIComponent(wrapped(times - 1))}`;
    expect(target(wrapped(5))).toBe('https://shop.example/');
    expect(target(wrapped(6))).toBe('https://www.google.com/url?q=https%3A%2F%2Fshop.example%2F');
  });
});

describe('words that name another place', () => {
  it.each([
    ['https://evil.example/', 'https://bank.example/', 'other-host'],
    ['https://evil.example/', 'bank.exa\u200bmple', 'other-host'],
    ['https://evil.example/', 'support@bank.example', 'other-host'],
    ['https://bank.example.evil.example/', 'bank.example', 'other-host'],
    ['https://bank.example@evil.example/', 'here', 'user-name'],
    ['http://2130706433/', 'here', 'number'],
    ['https://xn--80ak6aa92e.com/', 'here', 'look-alike'],
    ['mailto:a@evil.example', 'support@bank.example', 'other-host'],
    ['mailto:a@evil.example', 'Write to support@bank.example.', 'other-host'],
    ['tel:+49123456789', '+49 30 999 888', 'other-number'],
    ['tel:0900123456', 'Call us free: 0800 123 456', 'other-number'],
    ['sms:+49123456789?body=x', 'Text +49 30 999 888', 'other-number'],
  ])('are doubted: %s as %s', (href, words, doubt) => {
    expect(doubts(href, words)).toEqual([doubt]);
  });

  it.each([
    ['https://bank.example/', 'https://www.bank.example/login'],
    ['https://shop.example/', 'invoice.pdf'],
    ['mailto:Support@Bank.example?subject=x', 'support@bank.example'],
    ['mailto:a@bank.example?cc=b@bank.example', 'a@bank.example and b@bank.example'],
    ['mailto:a@bank.example', 'Write to us'],
    ['tel:+4930999888', '030 / 999 - 888'],
    ['tel:+4930999888', '+49 (0)30 999888'],
    ['tel:004930999888;ext=12', '+49 30 999888'],
    ['tel:+4930999888', 'Mon–Fri 9–17, room 1204'],
    ['tel:+18003569377', '1-800-FLOWERS'],
    ['tel:+4930999888', 'Sales 030 111 222, service 030 999 888'],
  ])('are not: %s as %s', (href, words) => {
    expect(doubts(href, words)).toEqual([]);
  });

  it('are shown with all who would get the mail, or the number', () => {
    expect(target('mailto:a@x.example?cc=b@x.example&bcc=c@x.example&body=hi')).toBe(
      'mailto:a@x.example, b@x.example, c@x.example',
    );
    expect(findLinkFacts('tel:+49%20123', 'x')).toEqual({ target: 'tel:+49 123', host: '+49 123', doubts: [] });
    expect(findLinkFacts('no address', 'x')).toBeUndefined();
  });
});
