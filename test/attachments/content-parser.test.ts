import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type ContentParser, createContentParser } from '../../api/attachments/parsed/content-parser.ts';
import { htmlBombs } from '../support/html-bombs.ts';

let parser: ContentParser;
beforeAll(() => {
  parser = createContentParser();
});
afterAll(() => parser.close());

const message = (text: string) => ({ bytes: Buffer.from(text), form: 'message', isSpecial: true, place: [] }) as const;

const nestedParts = (depth: number) =>
  Array.from({ length: depth }, (_, n) => `Content-Type: multipart/mixed; boundary=b${n}\r\n\r\n--b${n}\r\n`).join('');
const manyParts = (count: number) =>
  `Content-Type: multipart/mixed; boundary=b\r\n\r\n${'--b\r\nContent-Disposition: attachment\r\n\r\nx\r\n'.repeat(count)}--b--`;
/** BER: sequences in sequences, of indefinite length. */
const nestedSequences = (depth: number) => Buffer.concat([Buffer.alloc(depth * 2, Buffer.from([0x30, 0x80]))]);

describe('a thread that reads what strangers sent', () => {
  it.each([
    ['parts in parts', message(nestedParts(20_000))],
    ['50,000 parts', message(manyParts(50_000))],
    ['a header of ten megabytes', message(`Subject: ${'x'.repeat(10_000_000)}\r\n\r\nHello`)],
    ['folded headers without end', message(`Subject: x${'\r\n y'.repeat(500_000)}\r\n\r\nHello`)],
    ['addresses without end', message(`To: ${'a@b.example,'.repeat(300_000)}\r\n\r\nHello`)],
    ['quotes without end', message(`From: ${'"'.repeat(300_000)}\r\n\r\nHello`)],
    ['sequences in sequences', { bytes: nestedSequences(500_000), form: 'envelope', isSpecial: false, place: [] }],
    [
      'an event that repeats every second for ever',
      {
        bytes: Buffer.from(
          'BEGIN:VCALENDAR\r\nBEGIN:VEVENT\r\nDTSTART:20260101T000000Z\r\nRRULE:FREQ=SECONDLY\r\nEND:VEVENT\r\nEND:VCALENDAR',
        ),
        form: 'invitation',
        isSpecial: false,
        place: [],
      },
    ],
    [
      'components in components',
      { bytes: Buffer.from('BEGIN:VCALENDAR\r\n'.repeat(200_000)), form: 'invitation', isSpecial: false, place: [] },
    ],
  ] as const)('ends, whatever it is: %s', async (_what, content) => {
    await parser.parse(content);
    // And the next one is read as if nothing had happened.
    expect(await parser.parse(message('Subject: Hello\r\n\r\nx'))).toMatchObject({ subject: 'Hello' });
  });

  it.each(Object.entries(htmlBombs).slice(0, 8))('shows a mail whose only content is HTML: %s', async (_what, bomb) => {
    const html = bomb(200_000);
    expect(await parser.parse(message(`Content-Type: text/html\r\n\r\n${html}`))).toMatchObject({ kind: 'message' });
  });

  it.each([
    ['time', { timeLimitMs: 1 }],
    ['memory', { heapMegabytes: 8 }],
  ])('gives up what takes more %s than allowed', async (_what, limits) => {
    const limited = createContentParser(limits);
    expect(await limited.parse(message(manyParts(20_000)))).toBeUndefined();
    await limited.close();
    expect(await parser.parse(message(manyParts(20_000)))).toMatchObject({ kind: 'message' });
  });

  it('gives nothing where nothing can be read', async () => {
    const noCalendar = { bytes: Buffer.from('x'), form: 'invitation', isSpecial: false, place: [] } as const;
    expect(await parser.parse(noCalendar)).toBeUndefined();
  });
});
