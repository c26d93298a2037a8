import { monitorEventLoopDelay } from 'node:perf_hooks';
import { afterAll, describe, expect, it } from 'vitest';
import { type BodyTextLimits, createBodyTexts } from '../../ingest/message/body-text.ts';
import { htmlBombs } from '../support/html-bombs.ts';

const made: ReturnType<typeof createBodyTexts>[] = [];
const bodyTexts = (limits?: Partial<BodyTextLimits>) => {
  const texts = createBodyTexts(limits);
  made.push(texts);
  return (content: string) => texts.of({ contentType: 'html', content });
};

afterAll(async () => {
  await Promise.all(made.map((texts) => texts.close()));
});

const LONG = '<p>A word</p>'.repeat(100_000);

describe('the text of a body', () => {
  it('keeps paragraphs and lists, and leaves out styles, scripts and link targets', async () => {
    const html =
      '<style>p { color: red }</style><h1>Offer</h1><p>Dear Ms&nbsp;No&euml;,</p><ul><li>one</li><li>two</li></ul>' +
      '<a href="https://example.com/?utm=1">here</a><img src="cid:1"><script>alert(1)</script>';
    const { text, form } = await bodyTexts()(html);
    expect(text).toMatch(/Offer\s+Dear Ms.Noë,\s+\* one\s+\* two/);
    expect(text).not.toMatch(/color|alert|cid|utm/);
    expect(form).toBe('whole');
  });

  it('is the same in place and in a thread', async () => {
    expect(await bodyTexts({ inPlaceCharacters: 0 })('<p>a<p>b')).toEqual(await bodyTexts()('<p>a<p>b'));
  });

  it('is what was sent where that is plain text', async () => {
    const texts = createBodyTexts();
    made.push(texts);
    const content = ' <p>a</p>\r\n';
    expect(await texts.of({ contentType: 'text', content })).toEqual({ text: content, form: 'whole' });
  });

  it('ends where it is longer than it may be, and says so', async () => {
    const cut = await bodyTexts({ mostTextCharacters: 1_000 })(LONG);
    expect(cut.form).toBe('cut');
    expect(cut.text).toMatch(/^A word\n\nA word/);
    expect(cut.text.length).toBeLessThanOrEqual(1_000);
    expect(await bodyTexts({ mostHtmlCharacters: 13 })('<p>A word</p><p>more</p>')).toEqual({
      text: 'A word',
      form: 'cut',
    });
  });

  it.each([
    ['time', { timeLimitMs: 1 }],
    ['memory', { heapMegabytes: 16 }],
  ])('is only words where the thread runs out of %s, and the next one is whole', async (_, limits) => {
    const textOf = bodyTexts(limits);
    const html = LONG.repeat(5);
    for (let repeats = 0; repeats < 2; repeats += 1) {
      const { text, form } = await textOf(html);
      expect(form).toBe('bare');
      expect(text).toMatch(/^A word\nA word\n/);
    }
    expect(await textOf('<p>A word</p>')).toEqual({ text: 'A word', form: 'whole' });
  });

  it('is whole in a thread again after one ran out of memory', async () => {
    const textOf = bodyTexts({ heapMegabytes: 16, inPlaceCharacters: 0 });
    expect((await textOf(LONG.repeat(5))).form).toBe('bare');
    expect((await textOf('<p>A word</p>')).form).toBe('whole');
  });

  it('leaves the event loop to others while ten bombs of each kind are read', async () => {
    const textOf = bodyTexts();
    await textOf(LONG);
    const delay = monitorEventLoopDelay({ resolution: 5 });
    delay.enable();
    const bombs = ['end tags that close nothing', 'quotes around many lines', 'deep nesting', 'many attributes'];
    const htmls = bombs.flatMap((name) => Array<string>(10).fill(htmlBombs[name]?.(1_300_000) ?? ''));
    const texts = await Promise.all(htmls.map(textOf));
    delay.disable();
    expect(new Set(texts.map(({ form }) => form))).not.toContain('bare');
    expect(delay.percentile(99) / 1e6).toBeLessThan(200);
  });
});
