import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { bareText } from '../../ingest/message/bare-text.ts';
import { htmlText } from '../../ingest/message/html-text.ts';
import { cpuMilliseconds } from '../support/cpu-time.ts';
import { htmlBombs } from '../support/html-bombs.ts';

const MANY = 1_000_000;
const textOf = (html: string) => htmlText(html, MANY).text;

describe('the text of HTML', () => {
  it.each([
    ['paragraphs stand apart', '<p>a</p><p>b</p>', 'a\n\nb'],
    ['lines of a div follow each other', '<div>a</div><div>b<br></div><div><br></div><div>c</div>', 'a\nb\n\nc'],
    ['blanks are collapsed', ' a \r\n <b> b</b>\t<i>c </i>\n', 'a b c'],
    ['a blank inside of a word is none', 'in<b>voice</b>', 'invoice'],
    [
      'cells of a table stand apart',
      '<table><tr><td>Order<td>4711<tr><td>Price<td>9 €</table>',
      'Order 4711\nPrice 9 €',
    ],
    ['a list has bullets', 'x<ul><li>a<li>b<ul><li>c</ul></ul>y', 'x\n\n* a\n* b\n  * c\n\ny'],
    ['a numbered list counts from where it starts', '<ol start=7><li>a<li>b<br>c</ol>', '7. a\n8. b\n  c'],
    ['quotes are marked', 'a<blockquote>b<br>c<blockquote>d</blockquote></blockquote>e', 'a\n\n> b\n> c\n\n> > d\n\ne'],
    ['preformatted lines stay', '<pre>a  b\n\nc</pre>', 'a  b\n\nc'],
    ['entities are decoded', 'Caf&eacute; &amp; &lt;b&gt; &#8364; &nbsp;x', 'Café & <b> € \u00A0x'],
    ['styles, scripts and titles are left out', '<title>t</title><style>p{}</style><script>1</script>a', 'a'],
    ['titles that XHTML closes at once hide nothing', '<title/><script src="x"/><p>a</p>', 'a'],
    ['conditional comments are left out', '<!--[if gte mso 9]><xml><w:Lsd Locked="false"/></xml><![endif]-->a', 'a'],
    ['what conditional comments reveal is shown', '<![if !mso]>a<![endif]>', 'a'],
    ['names with a colon are elements', '<p class=MsoNormal>a<o:p></o:p></p><p>b</p>', 'a\n\nb'],
    ['what stands in a tag that stays open is lost', 'a <b title="x', 'a'],
    ['a bracket is one', '1 < 2 > 0', '1 < 2 > 0'],
  ])('%s', (_, html, text) => {
    expect(textOf(html)).toBe(text);
  });

  it('has the words of mail that nests too deep for a tree', () => {
    expect(textOf(`${'<div>'.repeat(200_000)}needle${'</div>'.repeat(200_000)}`)).toBe('needle');
  });

  it('ends where it is longer than it may be, and says so', () => {
    const { text, isWhole } = htmlText('<p>word</p>'.repeat(100), 30);
    expect(text).toBe('word\n\nword\n\nword\n\nword\n\nword');
    expect(isWhole).toBe(false);
    expect(htmlText('<p>word</p>', 4)).toEqual({ text: 'word', isWhole: true });
  });

  it('has every word in its order, whatever the markup', () => {
    const markup = fc.constantFrom(
      ...['<p>', '</p>', '<div>', '</div>', '<br>', '<b>', '</i>', '<table>', '<td>', '</tr>', '<ul>', '<li>', '</ol>'],
      ...[
        '<blockquote>',
        '</blockquote>',
        '<pre>',
        '</pre>',
        '<o:p>',
        '<!--x-->',
        '<![endif]>',
        '<?x?>',
        '<a href="x">',
      ],
      ...['<svg>', '<font color=red>', '</html>', '<img alt=">">', '<select>', '<option>', '\n', '\0', '&nbsp;'],
    );
    fc.assert(
      fc.property(fc.array(markup, { maxLength: 60 }), (tags) => {
        const html = tags.map((tag, index) => ` word${index} ${tag}`).join('');
        const found = textOf(html).match(/word\d+/g) ?? [];
        expect(found).toEqual(tags.map((_, index) => `word${index}`));
      }),
      { numRuns: 500 },
    );
  });
});

/** Milliseconds of CPU for a megabyte: twenty times what the slowest bomb needs. What is quadratic needs minutes. */
const BUDGET_MS = 4_000;

describe.each([
  ['the text of HTML', textOf],
  ['bare text', bareText],
] as const)('%s', (_, convert) => {
  it.each(Object.entries(htmlBombs))('is made of a megabyte within its budget: %s', (_, bomb) => {
    const html = bomb(1_000_000);
    let text = '';
    expect(cpuMilliseconds(() => (text = convert(html)))).toBeLessThan(BUDGET_MS);
    expect(text.length).toBeLessThan(2 * html.length);
    if (html.includes('Good day') && html.endsWith('>')) expect(text).toContain('Good day');
  });

  it('is made of any repeated markup within its budget', () => {
    const piece = fc.oneof(
      fc.constantFrom(
        ...['<', '>', '/', '&', '"', "'", '=', '-', '!', '[', ']', ';', '#', ' ', '\n', '\0', 'a', '<!--', '-->', '</'],
        ...[
          '<![CDATA[',
          ']]>',
          '<style>',
          '</style',
          '<script>',
          '<title>',
          '<textarea>',
          '<plaintext>',
          '<div>',
          '</b>',
        ],
        ...[
          '<table>',
          '<td>',
          '<ol start="',
          '<li>',
          '<blockquote>',
          '<pre>',
          '<svg>',
          '<template>',
          '<select>',
          '<a b="',
        ],
        ...['&amp', '&#x', '\u202E', '\uD83D', '<o:p/>', '<br/>', '<?', '<!DOCTYPE'],
      ),
      fc.string({ unit: 'binary', maxLength: 4 }),
    );
    fc.assert(
      fc.property(fc.array(piece, { minLength: 1, maxLength: 6 }), fc.array(piece, { maxLength: 4 }), (unit, start) => {
        const html = start.join('') + unit.join('').repeat(Math.ceil(100_000 / Math.max(1, unit.join('').length)));
        expect(cpuMilliseconds(() => convert(html))).toBeLessThan(BUDGET_MS / 4);
      }),
      { numRuns: 200 },
    );
  });
});
