import { createSecretKey, randomBytes } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { type KeyService, KeyServiceProblem } from '../../process/key-service.ts';
import { unwrapKeys } from '../../process/unwrap-keys.ts';

const serving = (unwrap: KeyService['unwrap']): KeyService => ({
  wrapNewKey: () => Promise.reject(new Error('No key is made here')),
  unwrap,
});

/** A key service that gives these keys, one after another. */
function serviceOf(...keys: readonly Buffer[]) {
  const left = [...keys];
  let opened = 0;
  const open = async (): Promise<KeyService> => {
    opened += 1;
    return serving(async () => ({ key: left.shift() ?? Buffer.alloc(0), source: 'service' }));
  };
  return { open, opened: () => opened };
}

const wrapped = (id: string) => ({ id, service: 'kms' as const, wrapped: 'encrypted' });

describe('keys of a key service', () => {
  it('are had from one service, and their bytes are overwritten once they are keys', async () => {
    const bytes = [randomBytes(32), randomBytes(32)] as const;
    const expected = bytes.map((each) => Buffer.from(each));
    const { open, opened } = serviceOf(...bytes);
    const keys = await unwrapKeys([wrapped('a'), wrapped('b')], open);
    expect(keys.map(({ id, key }) => [id, key.export()])).toEqual([
      ['a', expected[0]],
      ['b', expected[1]],
    ]);
    expect(opened()).toBe(1);
    expect(bytes.every((each) => each.equals(Buffer.alloc(32)))).toBe(true);
  });

  it.each([0, 16, 31, 33, 64])('are refused by name when they have %d bytes', async (length) => {
    const refused = unwrapKeys([wrapped('short')], serviceOf(randomBytes(length)).open);
    await expect(refused).rejects.toThrow(KeyServiceProblem);
    await expect(refused).rejects.toThrow(`the key "short" has ${length} bytes and not 32`);
  });

  it('are not asked for where the configuration has all keys', async () => {
    const { open, opened } = serviceOf();
    const configured = { id: 'a', key: createSecretKey(randomBytes(32)) };
    expect(await unwrapKeys([configured], open)).toEqual([configured]);
    expect(opened()).toBe(0);
  });

  it('fail as they do for what is no answer of the service, and with the name of the key for what is', async () => {
    const failing = (error: Error) => unwrapKeys([wrapped('a')], async () => serving(() => Promise.reject(error)));
    const bug = new TypeError('a fault of ours');
    await expect(failing(bug)).rejects.toBe(bug);
    await expect(failing(new KeyServiceProblem('It is away.'))).rejects.toThrow(
      'the key "a" cannot be had. It is away.',
    );
  });
});
