import { createSecretKey, randomBytes } from 'node:crypto';
import { defaultPayloadConverter } from '@temporalio/common';
import { describe, expect, it } from 'vitest';
import { createKeyRing } from '../../encryption/key-ring.ts';
import { createEncryptingCodec } from '../../temporal/encrypting-codec.ts';

const codec = createEncryptingCodec(createKeyRing([{ id: 'k1', key: createSecretKey(randomBytes(32)) }]));
const payload = (value: unknown) => defaultPayloadConverter.toPayload(value) ?? {};

describe('the payload codec', () => {
  it('gives back every payload as it was', async () => {
    const values = [{ accountId: '1' }, undefined, 'text', null, []];
    const decoded = await codec.decode(await codec.encode(values.map(payload)));
    expect(decoded.map((one) => defaultPayloadConverter.fromPayload(one))).toEqual(values);
  });

  it('shows nothing of the content', async () => {
    const [encoded] = await codec.encode([payload({ marker: 'find-me-if-you-can' })]);
    expect(Buffer.from(encoded?.data ?? []).toString('latin1')).not.toContain('find-me');
  });

  it('takes what the Temporal server itself writes in plain text', async () => {
    const written = payload('ACTIVITY_ID_NOT_STARTED');
    expect(await codec.decode([written])).toEqual([written]);
  });

  it('refuses a payload that somebody wrote without the key', async () => {
    await expect(codec.decode([payload({ accountId: '1' })])).rejects.toThrow(/not encrypted/);
  });
});
