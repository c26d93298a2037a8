import type { Readable } from 'node:stream';
import { buffer } from 'node:stream/consumers';
import { setImmediate } from 'node:timers/promises';
import { describe, expect, it } from 'vitest';
import type { KeptContent } from '../../api/attachments/kept-content.ts';
import { zipAttachments } from '../../api/attachments/zip-attachments.ts';
import { Problem } from '../../api/http/problem.ts';
import { eventually } from '../support/eventually.ts';
import { zipEntries } from '../support/mime.ts';

const names = (...all: readonly string[]) =>
  all.map((name, index) => ({ id: String(index), kind: 'file' as const, name, contentType: null }));

function kept(bytes: Buffer): KeptContent {
  const content = {
    id: 'c',
    size: bytes.length,
    chunks: 1,
    pictureType: null,
    risk: null,
    verdict: null,
    finding: null,
  };
  async function* all() {
    yield bytes;
  }
  return { content, start: bytes, bytes: all };
}

describe('an archive of a thousand files', () => {
  it('has each of them under a name of its own that every system takes', async () => {
    const odd = ['A.pdf', 'a.PDF', 'a\u202e.pdf', 'CON.pdf', '../../a.pdf', 'e\u0301.txt', 'é.txt', 'NOT INCLUDED.txt'];
    const attachments = names(...Array.from({ length: 1_000 }, (_, index) => odd[index % odd.length] ?? ''));
    const zip = await zipAttachments(attachments, { keep: async (id) => kept(Buffer.from(id)), isWanted: () => true });
    const found = zipEntries(await buffer(zip)).map(({ name }) => name);
    expect(found).toHaveLength(1_000);
    expect(new Set(found.map((name) => name.normalize('NFC').toLowerCase())).size).toBe(1_000);
    expect(found).not.toContain('NOT INCLUDED.txt');
    for (const name of found) expect(name).not.toMatch(/[/\\\p{Cf}]|^con\./iu);
  });

  it('leaves while it is read, as fast as it is taken', async () => {
    let opened = 0;
    const file = { ...kept(Buffer.alloc(0)), content: { ...kept(Buffer.alloc(0)).content, size: 1_048_576 } };
    const keep = async () => ({
      ...file,
      async *bytes() {
        opened += 1;
        for (let piece = 0; piece < 4; piece += 1) yield Buffer.alloc(262_144, piece);
      },
    });
    const attachments = names(...Array.from({ length: 40 }, (_, index) => `${index}.bin`));
    const zip = await zipAttachments(attachments, { keep, isWanted: () => true, firstByteWithinMs: 0 });
    let bytes = 0;
    let most = 0;
    for await (const piece of zip) {
      bytes += (piece as Uint8Array).length;
      most = Math.max(most, opened * 1_048_576 - bytes);
      await setImmediate();
    }
    expect(bytes).toBeGreaterThan(40 * 1_048_576);
    expect(most).toBeLessThan(4 * 1_048_576);
  });

  it('is an answer where one fails before the first byte, and breaks off where one fails later', async () => {
    const away = async (id: string) => {
      if (id === '2') throw new Problem('service-away', 'Temporal is away.');
      return kept(Buffer.from(id));
    };
    const given = { keep: away, isWanted: () => true };
    await expect(zipAttachments(names('a', 'b', 'c'), given)).rejects.toMatchObject({ reason: 'service-away' });
    const zip = await zipAttachments(names('a', 'b', 'c'), { ...given, firstByteWithinMs: -1 });
    await expect(buffer(zip)).rejects.toMatchObject({ reason: 'service-away' });
  });

  it('breaks off where a file has not the bytes that it had', async () => {
    const short = { ...kept(Buffer.from('abc')), content: { ...kept(Buffer.from('abc')).content, size: 4 } };
    const zip = await zipAttachments(names('a'), { keep: async () => short, isWanted: () => true });
    await expect(buffer(zip)).rejects.toThrow();
  });

  it('breaks off where a file cannot be read to its end', async () => {
    const lost = {
      ...kept(Buffer.from('abc')),
      async *bytes() {
        yield Buffer.from('a');
        throw new Problem('content-gone', 'It is gone.');
      },
    };
    const zip = await zipAttachments(names('a'), { keep: async () => lost, isWanted: () => true });
    await expect(buffer(zip)).rejects.toMatchObject({ reason: 'content-gone' });
  });

  it('lists at its end what cannot be had', async () => {
    const keep = async (id: string) => {
      if (id === '0') throw new Problem('content-gone', 'It is gone.');
      return kept(Buffer.from(id));
    };
    const bytes = await buffer(await zipAttachments(names('a.txt', 'b.txt'), { keep, isWanted: () => true }));
    expect(zipEntries(bytes).map(({ name }) => name)).toEqual(['b.txt', 'NOT INCLUDED.txt']);
    expect(bytes.includes('a.txt: It is gone.')).toBe(true);
  });

  it.each([
    ['by what is said of it', () => {}],
    ['by its stream', (zip: Readable) => void zip.destroy()],
  ])('asks for no more files once its reader has left, known %s', async (how, leave) => {
    let asked = 0;
    let isWanted = true;
    const keep = async (id: string) => {
      asked += 1;
      await setImmediate();
      return kept(Buffer.alloc(100_000, id));
    };
    const many = names(...Array.from({ length: 1_000 }, (_, index) => `${index}`));
    const zip = await zipAttachments(many, { keep, isWanted: () => isWanted, firstByteWithinMs: -1 });
    await eventually(() => expect(asked).toBeGreaterThan(3));
    zip.on('error', () => {});
    isWanted = how !== 'by what is said of it';
    leave(zip);
    const before = asked;
    for (let turn = 0; turn < 50; turn += 1) await setImmediate();
    expect(asked).toBeLessThan(before + 3);
    expect(zip.destroyed).toBe(true);
  });
});
