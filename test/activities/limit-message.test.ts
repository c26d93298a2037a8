import { describe, expect, it } from 'vitest';
import { limitMessage } from '../../ingest/message/limit-message.ts';
import { aMessage } from '../support/builders.ts';
import { cpuMilliseconds } from '../support/cpu-time.ts';

const attachment = (name: string) => ({
  graphId: name,
  kind: 'file' as const,
  name,
  contentType: 'text/plain',
  size: 1,
  isInline: false,
  contentId: undefined,
});

describe('a message that is too large', () => {
  it('keeps what people write as it is', () => {
    const message = aMessage({ subject: 'x'.repeat(10_000), attachments: [attachment('a.txt')] });
    expect(limitMessage(message)).toEqual(message);
  });

  it('has the beginning of its subject, with an ellipsis', () => {
    const { subject } = limitMessage(aMessage({ subject: 'x'.repeat(10_000_000) }));
    expect(subject).toBe(`${'x'.repeat(9_999)}…`);
  });

  it('has some of its recipients, headers and attachments, and knows how many are left out', () => {
    const people = Array.from({ length: 50_000 }, (_, index) => ({ address: `u${index}@example.org` }));
    const limited = limitMessage(
      aMessage({
        recipients: { to: people, cc: people.slice(0, 2_001), bcc: [], replyTo: [] },
        headers: Array.from({ length: 200_000 }, () => ({ name: 'X', value: 'y' })),
        attachments: Array.from({ length: 100_000 }, (_, index) => attachment(`${index}.txt`)),
      }),
    );
    expect(limited.leftOut).toEqual({ to: 48_000, cc: 1, headers: 198_000, attachments: 99_000 });
    expect(limited.recipients.to).toEqual(people.slice(0, 2_000));
    expect(limited.attachments).toHaveLength(1_000);
  });

  it('has headers of half a million characters together, each cut', () => {
    const headers = Array.from({ length: 100 }, () => ({ name: 'X', value: 'y'.repeat(1_000_000) }));
    const limited = limitMessage(aMessage({ headers }));
    expect(limited.headers).toHaveLength(24);
    expect(limited.headers?.[0]?.value).toBe(`${'y'.repeat(19_999)}…`);
    expect(limited.leftOut).toEqual({ headers: 76 });
    expect(limitMessage(aMessage({ headers: undefined })).headers).toBeUndefined();
  });

  it('has names and ids that are cut, wherever they stand', () => {
    const long = { name: 'n'.repeat(1_000_000), address: 'a'.repeat(1_000_000) };
    const limited = limitMessage(
      aMessage({
        internetMessageId: `<${'i'.repeat(1_000_000)}>`,
        from: long,
        sender: long,
        recipients: { to: [long], cc: [], bcc: [], replyTo: [long] },
        attachments: [{ ...attachment('f'.repeat(1_000_000)), graphId: 'id', contentId: 'c'.repeat(1_000_000) }],
      }),
    );
    expect(JSON.stringify({ ...limited, bodyHtml: '', bodyText: '' }).length).toBeLessThan(20_000);
  });

  it('is cut within its budget', () => {
    const people = Array.from({ length: 500_000 }, () => ({ name: 'n', address: 'a@example.org' }));
    const message = aMessage({ recipients: { to: people, cc: people, bcc: people, replyTo: people } });
    expect(cpuMilliseconds(() => limitMessage(message))).toBeLessThan(1_000);
  });
});
