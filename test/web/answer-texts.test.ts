import { describe, expect, it } from 'vitest';
import { cleanPaste } from '../../web/answers/clean-paste.ts';
import type { DraftContent } from '../../web/answers/draft-content.ts';
import { mergeDrafts } from '../../web/answers/merge-drafts.ts';
import { htmlOfText, textOf } from '../../web/answers/text-and-html.ts';
import { isTooLongToPaste } from '../../web/answers/too-long-to-paste.ts';
import { addressOfCopied, isAddress, parseRecipients, recipientText } from '../../web/parts/parse-recipients.ts';

const draft = (change: Partial<DraftContent> = {}): DraftContent => ({
  to: [{ address: 'customer@example.org' }],
  cc: [],
  bcc: [],
  subject: 'Re: Order',
  format: 'html',
  body: '<p>Hello</p>',
  includesQuote: true,
  ...change,
});

describe('recipients', () => {
  it.each([
    ['anna@example.org', [{ address: 'anna@example.org' }]],
    [
      '"Doe, Anna" <anna@example.org>; bob@example.org',
      [{ name: 'Doe, Anna', address: 'anna@example.org' }, { address: 'bob@example.org' }],
    ],
    [
      'Doe, Anna <anna@example.org>, Bob <bob@example.org>',
      [
        { name: 'Doe, Anna', address: 'anna@example.org' },
        { name: 'Bob', address: 'bob@example.org' },
      ],
    ],
    [
      'a@example.org b@example.org\nc@example.org,',
      [{ address: 'a@example.org' }, { address: 'b@example.org' }, { address: 'c@example.org' }],
    ],
    ['mailto:anna@example.org', [{ address: 'anna@example.org' }]],
    [
      'Team: a@example.org, Bob <b@example.org>;c@example.org',
      [{ address: 'a@example.org' }, { name: 'Bob', address: 'b@example.org' }, { address: 'c@example.org' }],
    ],
    [
      'To: Doe, Anna <a@example.org>,\r\n b@example.org',
      [{ name: 'Doe, Anna', address: 'a@example.org' }, { address: 'b@example.org' }],
    ],
    [
      "'a@example.org' <a@example.org>; 'b@example.org', 'Cy' <c@example.org>",
      [{ address: 'a@example.org' }, { address: 'b@example.org' }, { name: 'Cy', address: 'c@example.org' }],
    ],
    [
      'Anna <a@example.org<mailto:a@example.org>> Bob <b@example.org>',
      [
        { name: 'Anna', address: 'a@example.org' },
        { name: 'Bob', address: 'b@example.org' },
      ],
    ],
    [
      'a@example.org<mailto:a@example.org>; b@example.org (Bob Doe)',
      [{ address: 'a@example.org' }, { name: 'Bob Doe', address: 'b@example.org' }],
    ],
    [
      'Anna "the <a@example.org>; b@example.org，c@example.org；d@example.org\u200b',
      [
        { name: 'Anna "the', address: 'a@example.org' },
        { address: 'b@example.org' },
        { address: 'c@example.org' },
        { address: 'd@example.org' },
      ],
    ],
    [
      'http://a@example.org; undisclosed-recipients:;',
      [{ address: 'http://a@example.org' }, { address: 'undisclosed-recipients:' }],
    ],
    ['Anna', [{ address: 'Anna' }]],
    [' ; , ', []],
  ])('are read from %j as mail programs write them', (typed, expected) => {
    expect(parseRecipients(typed)).toEqual(expected);
  });

  it('are shown so that they are read again as the same', () => {
    const recipients = [
      { name: 'Doe, "A" <x>', address: 'a@example.org' },
      { name: 'Bob', address: 'b@example.org' },
    ];
    expect(parseRecipients(recipients.map(recipientText).join('; '))).toEqual([
      { name: "Doe, 'A' <x>", address: 'a@example.org' },
      { name: 'Bob', address: 'b@example.org' },
    ]);
  });

  it('give their address where one address is entered, and nothing where there is another to choose', () => {
    const copied = ['Sales <sales@example.org>', 'mailto:sales@example.org', ' "Doe, A" <sales@example.org>\n'];
    expect(copied.map(addressOfCopied)).toEqual(Array(3).fill('sales@example.org'));
    const left = ['sales@example.org', 'A <a@example.org>; B <b@example.org>', 'Sales <sales>', ''];
    expect(left.map(addressOfCopied)).toEqual(Array(4).fill(undefined));
  });

  it('are no addresses without a host, with blanks or with two at signs', () => {
    expect(
      ['anna', 'anna@', '@example.org', 'a b@example.org', 'a@b@c', 'a@example..org', 'a@exa mple'].filter(isAddress),
    ).toEqual([]);
    const unseen = ['a\u202e@example.org', 'a\u200b@example.org', 'a@exam\u00adple.org', 'a\u0001@example.org'];
    expect(unseen.filter(isAddress)).toEqual([]);
    expect(['a@b', "o'neil+x@example.org", 'ü@bücher.example'].every(isAddress)).toBe(true);
  });
});

describe('the editor’s document', () => {
  const paragraph = (...content: object[]) => ({ type: 'paragraph', content });
  const words = (text: string, href?: string) => ({
    type: 'text',
    text,
    ...(href && { marks: [{ type: 'link', attrs: { href } }] }),
  });

  it('becomes text with its lists, quotes, links and signature', () => {
    const document = {
      type: 'doc',
      content: [
        paragraph(
          words('Dear '),
          words('customer'),
          { type: 'hardBreak' },
          words('see '),
          words('our page', 'https://x.example/a'),
        ),
        paragraph(),
        {
          type: 'orderedList',
          attrs: { start: 3 },
          content: [
            {
              type: 'listItem',
              content: [
                paragraph(words('one')),
                { type: 'bulletList', content: [{ type: 'listItem', content: [paragraph(words('inner'))] }] },
              ],
            },
            { type: 'listItem', content: [paragraph(words('two'))] },
          ],
        },
        { type: 'blockquote', content: [paragraph(words('you wrote')), paragraph()] },
        {
          type: 'signature',
          content: [paragraph(words('Anna')), paragraph(words('https://x.example', 'https://x.example/'))],
        },
      ],
    };
    expect(textOf(document)).toBe(
      'Dear customer\nsee our page <https://x.example/a>\n\n3. one\n   • inner\n4. two\n> you wrote\n>\n-- \nAnna\nhttps://x.example',
    );
  });

  it('is made of text without losing lines, blanks or signs', () => {
    expect(htmlOfText('a <b> & c\n\n  two  blanks')).toBe(
      '<p>a &lt;b&gt; &amp; c</p><p></p><p>\u00A0\u00A0two\u00A0 blanks</p>',
    );
  });
});

describe('a paste', () => {
  const copied = (plain: number, html = 0) => ({
    getData: (type: string) => 'x'.repeat(type === 'text/plain' ? plain : html),
  });
  it('is taken with some hundred pages, however much formatting is around them, and not with more', () => {
    expect([copied(500_000), copied(10, 4_000_000), copied(0)].map(isTooLongToPaste)).toEqual([false, false, false]);
    expect([copied(500_001), copied(10, 4_000_001)].map(isTooLongToPaste)).toEqual([true, true]);
  });

  it('from Word keeps lists as lists, and shows nothing that Word hides', () => {
    const pasted = `<html><head><style>p.MsoNormal {margin:0}</style><!--[if gte mso 9]><xml><w:WordDocument/></xml><![endif]--></head><body>
      <!--StartFragment--><p class=MsoNormal>Hello<o:p></o:p></p>
      <p class=MsoListParagraphCxSpFirst style='mso-list:l0 level1 lfo1'><![if !supportLists]><span>1.<span>&nbsp;&nbsp; </span></span><![endif]>One</p>
      <p class=MsoListParagraph style='mso-list:l1 level2 lfo1'><!--[if !supportLists]--><span>o<span>&nbsp; </span></span><!--[endif]-->Inner</p>
      <p class=MsoListParagraphCxSpLast style='mso-list:l0 level1 lfo1'><![if !supportLists]><span>2.<span>&nbsp;</span></span><![endif]>Two</p>
      <!--EndFragment--></body></html>`;
    const cleaned = cleanPaste(pasted).replace(/\s*\n\s*/g, '');
    expect(cleaned).toBe('<p class=MsoNormal>Hello</p><ol><li>One<ul><li>Inner</li></ul></li><li>Two</li></ol>');
  });

  it('of anything else stays as it is, without scripts, styles and comments', () => {
    expect(cleanPaste('<b>x</b><!-- y --><script>z</script><style>a{}</style> text')).toBe('<b>x</b> text');
  });
});

describe('a draft that was changed in two places', () => {
  const base = draft();

  it('has the changes of both', () => {
    const own = draft({ body: '<p>Hello Anna</p>', to: [...base.to, { address: 'own@example.org' }] });
    const other = draft({
      subject: 'Re: Order 1',
      to: [{ address: 'other@example.org' }],
      cc: [{ address: 'cc@example.org' }],
    });
    expect(mergeDrafts(base, own, other)).toEqual({
      content: draft({
        body: '<p>Hello Anna</p>',
        subject: 'Re: Order 1',
        to: [{ address: 'own@example.org' }, { address: 'other@example.org' }],
        cc: [{ address: 'cc@example.org' }],
      }),
    });
  });

  it('keeps both texts where both changed the text', () => {
    const { content, otherText } = mergeDrafts(
      base,
      draft({ body: 'mine', format: 'text' }),
      draft({ body: '<p>theirs</p>' }),
    );
    expect(content).toMatchObject({ body: 'mine', format: 'text' });
    expect(otherText).toEqual({ body: '<p>theirs</p>', format: 'html' });
  });

  it('asks nothing when both wrote the same', () => {
    expect(mergeDrafts(base, draft({ body: 'same' }), draft({ body: 'same' })).otherText).toBeUndefined();
  });
});
