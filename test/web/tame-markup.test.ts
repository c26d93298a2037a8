import { describe, expect, it } from 'vitest';
import { withFewDirections } from '../../web/mail/few-directions.ts';
import { tameMarkup } from '../../web/mail/tame-markup.ts';
import { cpuMilliseconds } from '../support/cpu-time.ts';
import { htmlBombs } from '../support/html-bombs.ts';

/** Milliseconds of CPU for a megabyte, twenty times what the slowest bomb needs. */
const BUDGET_MS = 2_000;

describe('markup that a browser is to parse', () => {
  it.each([
    [
      'keeps what is written',
      '<p class=a title="b > c">d &amp; e<br/>f</p>',
      '<p class=a title="b > c">d &amp; e<br/>f</p>',
    ],
    ['has no comments, also conditional ones', 'a<!--[if mso]><x><![endif]-->b<![if !mso]>c<![endif]>', 'abc'],
    ['has no names with a colon', '<o:p>a</o:p><?xml:namespace prefix=o/><v:shape style="x">b</v:shape>', 'ab'],
    ['has no handlers of events', '<b onclick="a" id=c ONload=d>e</b>', '<b data-onclick="a" id=c data-ONload=d>e</b>'],
    ['has no other base of links', '<base href="//a"><meta http-equiv=refresh><link rel=x>b', 'b'],
    ['has no end tags that close nothing', '<div></b></div></div><td></td></p>', '<div></div><td></td></p>'],
    [
      'has elements that XHTML closes at once closed',
      '<title/><script src="x"/>b',
      '<title/></title><script src="x"/></script>b',
    ],
    ['keeps styles as they are', '<style>a > b { color: red }</style>', '<style>a > b { color: red }</style>'],
  ])('%s', (_, html, tame) => {
    expect(tameMarkup(html)).toBe(tame);
  });

  it('may leave 300 fonts open, and have 2,000 paragraphs and table cells', () => {
    expect(tameMarkup('<font color=blue>item<br>'.repeat(300))).toBeDefined();
    expect(tameMarkup(`${'<p>a'.repeat(2_000)}<table>${'<tr><td>b'.repeat(2_000)}`)).toBeDefined();
    expect(tameMarkup('<p>a</p>'.repeat(15_000))).toBeDefined();
  });

  it.each([
    ['tags', '<p>a</p>'.repeat(20_001)],
    ['levels', '<div>'.repeat(1_001)],
    ['attributes', `<p ${Array.from({ length: 201 }, (_, n) => `a${n}`).join(' ')}>`],
  ])('is refused for too many %s', (_, html) => {
    expect(tameMarkup(html)).toBeUndefined();
  });

  it.each(Object.entries(htmlBombs))('is told from a bomb within its budget: %s', (_, bomb) => {
    const html = bomb(1_000_000);
    expect(cpuMilliseconds(() => tameMarkup(html))).toBeLessThan(BUDGET_MS);
  });
});

describe('changes of direction', () => {
  it('stay where people write them, and go where they are not read', () => {
    const hebrew = 'order \u2066\u05D0\u05D1\u2069 and \u200F\u05D2';
    expect(withFewDirections(hebrew)).toBe(hebrew);
    expect(withFewDirections('\u202E\u2066a\u200F'.repeat(1_000))).toBe('a\u200F'.repeat(1_000));
  });
});
