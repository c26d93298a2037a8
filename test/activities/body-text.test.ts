import { describe, expect, it } from 'vitest';
import { bodyText } from '../../activities/body-text.ts';

describe('the text of an HTML body', () => {
  it('keeps words, paragraphs and lists, and leaves out styles, scripts and images', () => {
    const html =
      '<style>p{color:red}</style><h1>Offer</h1><p>Dear <b>Ms&nbsp;Noë</b>,</p><ul><li>one<li>two</ul><img src="cid:x"><script>alert(1)</script>';
    const text = bodyText(html);
    expect(text).toMatch(/Offer\s+Dear Ms.Noë,\s+\* one\s+\* two/);
    expect(text).not.toMatch(/color|alert|cid/);
  });

  it('still has the words of HTML that nests too deep for a converter', () => {
    const html = `${'<div>'.repeat(200_000)}needle${'</div>'.repeat(200_000)}`;
    expect(bodyText(html)).toBe('needle');
  });

  it('reads megabytes of opening brackets', () => {
    expect(bodyText('<'.repeat(5_000_000))).toHaveLength(5_000_000);
  });

  it('never answers with nothing where there are words', () => {
    expect(bodyText('<p>a<p>b<table><tr><td>c')).toMatch(/a\s+b\s+c/);
  });
});
