import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { CreateKeyCommand, KMSClient } from '@aws-sdk/client-kms';
import { encryptionKeys } from '../config/encryption-keys.ts';
import { createKeyRing } from '../encryption/key-ring.ts';
import { createAwsKms } from '../process/aws-kms.ts';
import { unwrapKeys } from '../process/unwrap-keys.ts';
import { freePorts } from './embedded/ports.ts';

/**
 * On request: tries keys of AWS KMS against moto, which takes its part on this machine. Makes a key, reads it twice, and
 * expects a refusal under another id. Installs moto[server] from PyPI into a temporary folder; says so and ends where that
 * is not possible.
 */
const folder = mkdtempSync(join(tmpdir(), 'mailroom-moto-'));
process.once('exit', () => rmSync(folder, { recursive: true, force: true }));

const python = join(folder, 'bin', 'python');
const isInstalled =
  spawnSync('python3', ['-m', 'venv', folder]).status === 0 &&
  spawnSync(python, ['-m', 'pip', 'install', '--quiet', 'moto[server]']).status === 0;
if (!isInstalled) {
  console.log('Skipped: Python 3 with venv and pip, and access to PyPI, are needed for moto.');
  process.exit();
}

const [port] = await freePorts(1);
const url = `http://127.0.0.1:${port}`;
const moto = spawn(join(folder, 'bin', 'moto_server'), ['-H', '127.0.0.1', '-p', String(port)], { stdio: 'ignore' });
try {
  await untilAnswered(url);
  Object.assign(process.env, {
    AWS_REGION: 'eu-central-1',
    AWS_ACCESS_KEY_ID: 'moto',
    AWS_SECRET_ACCESS_KEY: 'moto',
    AWS_ENDPOINT_URL_KMS: url,
  });
  const { KeyMetadata: made } = await new KMSClient().send(new CreateKeyCommand({}));
  const entry = `k2:kms:${await createAwsKms({ wrappingKey: made?.KeyId }).wrapNewKey('k2')}`;
  const [one, other] = [await open(entry), await open(entry)];
  if (other.decrypt(one.encrypt('text', 'place'), 'place') !== 'text')
    throw new Error('The key is another at each start.');
  const refusal = await open(entry.replace('k2', 'k3')).catch((error: Error) => error.message);
  if (typeof refusal !== 'string') throw new Error('The key was given out under another id.');
  console.log(`k2 comes from ${one.sourceOf('k2')}.\n${refusal}`);
} finally {
  moto.kill();
  await once(moto, 'exit');
}

async function open(entry: string) {
  return createKeyRing(await unwrapKeys(encryptionKeys.parse(entry)));
}

/** moto takes some seconds to start. */
async function untilAnswered(address: string): Promise<void> {
  for (let attempt = 0; attempt < 120; attempt += 1) {
    const answers = await fetch(address).then(
      () => true,
      () => false,
    );
    if (answers) return;
    await delay(500);
  }
  throw new Error('moto does not answer.');
}
