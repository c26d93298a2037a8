import { createCipheriv, createDecipheriv, type KeyObject, randomBytes } from 'node:crypto';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterAll, afterEach, beforeAll, describe, expect, it, vi } from 'vitest';
import { encryptionKeys } from '../../config/encryption-keys.ts';
import { createKeyRing } from '../../encryption/key-ring.ts';
import { createAwsKms } from '../../process/aws-kms.ts';
import { KeyServiceProblem } from '../../process/key-service.ts';
import { unwrapKeys } from '../../process/unwrap-keys.ts';

const ARN = 'arn:aws:kms:eu-central-1:000000000000:key/11111111-1111-4111-8111-111111111111';

/** Answers as KMS does: its JSON protocol, with the encryption context as additional data. */
const masterKey = randomBytes(32);
const asked: { readonly target: string; readonly body: Record<string, unknown> }[] = [];
let refusal: { readonly status: number; readonly type: string; times?: number } | undefined;
let isSilent = false;
const kms = createServer(async (request, response) => {
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(chunk as Buffer);
  const body = JSON.parse(Buffer.concat(chunks).toString());
  const target = String(request.headers['x-amz-target']);
  asked.push({ target, body });
  const answer = (status: number, value: object) => {
    response.writeHead(status, { 'content-type': 'application/x-amz-json-1.1' });
    response.end(JSON.stringify(value));
  };
  if (isSilent) return;
  if (refusal && (refusal.times ?? 1) > 0) {
    if (refusal.times !== undefined) refusal.times -= 1;
    return answer(refusal.status, { __type: refusal.type, message: 'not for logs' });
  }
  const context = JSON.stringify(body.EncryptionContext);
  if (target === 'TrentService.GenerateDataKey') {
    const [key, iv] = [randomBytes(32), randomBytes(12)];
    const cipher = createCipheriv('aes-256-gcm', masterKey, iv).setAAD(Buffer.from(context));
    const blob = Buffer.concat([iv, cipher.update(key), cipher.final(), cipher.getAuthTag()]);
    return answer(200, { CiphertextBlob: blob.toString('base64'), Plaintext: key.toString('base64'), KeyId: ARN });
  }
  const blob = Buffer.from(String(body.CiphertextBlob), 'base64');
  const decipher = createDecipheriv('aes-256-gcm', masterKey, blob.subarray(0, 12)).setAAD(Buffer.from(context));
  decipher.setAuthTag(blob.subarray(-16));
  try {
    const key = Buffer.concat([decipher.update(blob.subarray(12, -16)), decipher.final()]);
    return answer(200, { Plaintext: key.toString('base64'), KeyId: ARN });
  } catch {
    return answer(400, { __type: 'InvalidCiphertextException' });
  }
});

beforeAll(async () => {
  await new Promise<void>((resolve) => kms.listen(0, '127.0.0.1', resolve));
  const { port } = kms.address() as AddressInfo;
  vi.stubEnv('AWS_REGION', 'eu-central-1');
  vi.stubEnv('AWS_ACCESS_KEY_ID', 'test');
  vi.stubEnv('AWS_SECRET_ACCESS_KEY', 'test');
  vi.stubEnv('AWS_ENDPOINT_URL_KMS', `http://127.0.0.1:${port}`);
});
afterEach(() => {
  refusal = undefined;
  isSilent = false;
  asked.length = 0;
});
afterAll(() => {
  vi.unstubAllEnvs();
  kms.closeAllConnections();
  kms.close();
});

const plain = () => `k1:${randomBytes(32).toString('base64')}`;
const entry = async (id: string) => `${id}:kms:${await createAwsKms({ wrappingKey: 'alias/mailroom' }).wrapNewKey(id)}`;

describe('an encryption key that AWS KMS keeps', () => {
  it('is made without being shown, and is the same key at every start', async () => {
    const made = await entry('k2');
    expect(asked[0]).toMatchObject({
      target: 'TrentService.GenerateDataKey',
      body: { KeyId: 'alias/mailroom', KeySpec: 'AES_256' },
    });
    const configured = encryptionKeys.parse(`${made},${plain()}`);
    const [first, second] = [await unwrapKeys(configured), await unwrapKeys(configured)];
    const ring = createKeyRing(first);
    expect(ring.keyIds).toEqual(['k2', 'k1']);
    expect([ring.sourceOf('k2'), ring.sourceOf('k1')]).toEqual([`AWS KMS, ${ARN}`, undefined]);
    expect(createKeyRing(second).decrypt(ring.encrypt('text', 'place'), 'place')).toBe('text');
  });

  it('is asked for once, and not needed while a process runs', async () => {
    const keys = createKeyRing(await unwrapKeys(encryptionKeys.parse(await entry('k2'))));
    expect(asked.map(({ target }) => target)).toEqual(['TrentService.GenerateDataKey', 'TrentService.Decrypt']);
    refusal = { status: 400, type: 'DisabledException' };
    expect(keys.decrypt(keys.encrypt('text', 'place'), 'place')).toBe('text');
    expect(asked).toHaveLength(2);
  });

  it('is of its id: under another, it is refused', async () => {
    const moved = (await entry('k2')).replace(/^k2/, 'k3');
    await expect(unwrapKeys(encryptionKeys.parse(moved))).rejects.toThrow(
      'ENCRYPTION_KEYS: the key "k3" cannot be had. AWS KMS: the entry was changed, or was made for another id.',
    );
  });

  it.each([
    ['AccessDeniedException', /the key "k2" cannot be had. AWS KMS: it does not allow this process.*kms:Decrypt/],
    ['DisabledException', /is disabled; enable it/],
    ['com.amazonaws.kms#NotFoundException', /no such key in this region and account/],
    ['KMSInvalidStateException', /is being deleted/],
    ['SomethingNewException', /cannot be reached, or does not answer \(SomethingNewException\)/],
  ])('that it refuses with %s is named, with the reason and no more', async (type, words) => {
    const configured = encryptionKeys.parse(await entry('k2'));
    refusal = { status: 400, type };
    const problem = await unwrapKeys(configured).catch((error: unknown) => error);
    expect(problem).toBeInstanceOf(KeyServiceProblem);
    expect((problem as Error).message).toMatch(words);
    expect((problem as Error).message).not.toContain('not for logs');
  });

  it('that cannot be reached is named', async () => {
    const configured = encryptionKeys.parse(await entry('k2'));
    const { port } = kms.address() as AddressInfo;
    vi.stubEnv('AWS_ENDPOINT_URL_KMS', 'http://127.0.0.1:9');
    try {
      await expect(unwrapKeys(configured)).rejects.toThrow(/the key "k2" cannot be had. AWS KMS: it cannot be reached/);
    } finally {
      vi.stubEnv('AWS_ENDPOINT_URL_KMS', `http://127.0.0.1:${port}`);
    }
  });

  it('is asked for again while the service fails, and given up when it does not answer', async () => {
    const configured = encryptionKeys.parse(await entry('k2'));
    refusal = { status: 500, type: 'KMSInternalException', times: 3 };
    expect(await unwrapKeys(configured)).toMatchObject([{ id: 'k2' }]);
    isSilent = true;
    await expect(unwrapKeys(configured, async () => createAwsKms({ timeoutMs: 20 }))).rejects.toThrow(
      /the key "k2" cannot be had. AWS KMS: it cannot be reached, or does not answer \(TimeoutError\)/,
    );
  });

  it('needs a region, which is named where it is missing', async () => {
    const configured = encryptionKeys.parse(await entry('k2'));
    vi.stubEnv('AWS_REGION', undefined);
    vi.stubEnv('AWS_CONFIG_FILE', '/nowhere');
    try {
      await expect(unwrapKeys(configured)).rejects.toThrow('AWS KMS: set AWS_REGION.');
    } finally {
      vi.stubEnv('AWS_REGION', 'eu-central-1');
    }
  });

  it('has 32 bytes, of which no copy stays, and comes from one service', async () => {
    const configured = encryptionKeys.parse(`${await entry('k2')},${await entry('k3')}`);
    const given: Buffer[] = [];
    const serviceOf = (bytes: number) =>
      vi.fn(async () => ({
        wrapNewKey: async () => '',
        async unwrap() {
          const key = randomBytes(bytes);
          given.push(key);
          return { key, source: 'a test' };
        },
      }));
    const openService = serviceOf(32);
    const [first, second] = await unwrapKeys(configured, openService);
    expect(openService).toHaveBeenCalledOnce();
    expect(first?.key.equals(second?.key as KeyObject)).toBe(false);
    expect(given).toEqual([Buffer.alloc(32), Buffer.alloc(32)]);
    await expect(unwrapKeys(configured, serviceOf(16))).rejects.toThrow('the key "k2" has 16 bytes and not 32.');
  });

  it('hides no fault of our own behind the words of the service', async () => {
    const fault = new TypeError('a fault');
    const openService = async () => ({ wrapNewKey: async () => '', unwrap: () => Promise.reject(fault) });
    await expect(unwrapKeys(encryptionKeys.parse(await entry('k2')), openService)).rejects.toBe(fault);
  });

  it('leaves a configuration without such keys alone: nothing is loaded or asked', async () => {
    const openService = vi.fn();
    expect(await unwrapKeys(encryptionKeys.parse(plain()), openService)).toMatchObject([{ id: 'k1' }]);
    expect(openService).not.toHaveBeenCalled();
  });
});
