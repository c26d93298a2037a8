import { createSecretKey, randomBytes, randomUUID } from 'node:crypto';
import { globSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { sql } from 'kysely';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest';
import { runCommandLine } from '../../api/command-line.ts';
import { encryptionKeys } from '../../config/encryption-keys.ts';
import { addCertificate, findCertificate } from '../../database/accounts/client-certificates.ts';
import { findSettings, saveSettings } from '../../database/accounts/settings.ts';
import { type Database, openDatabase } from '../../database/database.ts';
import { readKeyUsage } from '../../database/keys/key-usage.ts';
import { rotateKeys } from '../../database/keys/rotate-keys.ts';
import { addSession, endSession } from '../../database/people/sessions.ts';
import { addSingleSignOn, takeSingleSignOn } from '../../database/people/single-sign-ons.ts';
import { addUser } from '../../database/people/users.ts';
import { findKeyProblem } from '../../database/processes/key-proof.ts';
import { signLife } from '../../database/processes/processes.ts';
import { findTokenCache, putTokenCache, replaceTokenCache } from '../../database/sign-in/token-caches.ts';
import { createKeyRing, type KeyRing } from '../../encryption/key-ring.ts';
import { projectFolder } from '../../scripts/embedded/stack-folder.ts';
import { makeClientCertificate } from '../simulator/client-certificate.ts';
import { anAccount } from '../support/builders.ts';
import { createTestDatabase, type TestDatabase } from '../support/test-database.ts';

let database: TestDatabase;
let db: Database;
beforeAll(async () => {
  database = await createTestDatabase();
  db = openDatabase({ url: database.url, poolSize: 3, applicationName: 'test' });
});
afterAll(async () => {
  await db.destroy();
  await database.drop();
});

const newKey = (id: string) => ({ id, key: createSecretKey(randomBytes(32)) });
let old: ReturnType<typeof newKey>;
let fresh: ReturnType<typeof newKey>;
let before: KeyRing;
let both: KeyRing;
beforeEach(async () => {
  [old, fresh] = [newKey('k-old'), newKey('k_new')];
  before = createKeyRing([old]);
  both = createKeyRing([fresh, old]);
  await findKeyProblem(db, before, { withTokens: false });
});
afterEach(async () => {
  await sql`truncate settings, client_certificates, accounts, users, single_sign_ons, contents, answer_attachments, processes, key_checks cascade`.execute(
    db,
  );
});

const stateHash = randomBytes(32);
const browserHash = randomBytes(32);

/** Everything that Mailroom encrypts, under one key; and how it is read with another ring. */
async function encryptEverything(keys: KeyRing) {
  const settings = { tenantId: 'contoso.example', clientId: randomUUID(), clientSecret: 'the client secret' };
  await saveSettings(db, keys, 'cli', { ...settings, clientSecret: 'the one before' });
  await saveSettings(db, keys, 'cli', settings);
  const { pem: certificate, keyPem: privateKey } = await makeClientCertificate();
  const certificateId = (await addCertificate(db, keys, 'cli', { certificate, privateKey })) ?? '';
  const accountId = await anAccount(db);
  await putTokenCache(db, keys, accountId, 'the tokens');
  const userId = await addUser(db, 'cli', {
    email: `${randomUUID()}@contoso.example`,
    displayName: '',
    profile: 'Agent',
  });
  const idHash = randomBytes(32);
  await addSession(db, keys, { idHash, userId, providerSession: 'the id token' });
  const attempt = { stateHash, browserHash, nonce: 'a nonce', codeVerifier: 'a verifier', returnTo: '/' };
  await addSingleSignOn(db, keys, attempt);
  const ids = { signIn: randomUUID(), content: randomUUID(), attachment: randomUUID() };
  const text = (column: string) => keys.encrypt(column, `sign_ins.${column}|${ids.signIn}`);
  const chunk = keys.encryptBytes(Buffer.from('a chunk'), `content_chunks.data|${ids.content}|3`);
  const part = keys.encryptBytes(Buffer.from('a part'), `answer_attachment_parts.data|${ids.attachment}|0`);
  await db.transaction().execute(async (trx) => {
    await sql`set local session_replication_role = replica`.execute(trx);
    await sql`
      insert into sign_ins (id, account_id, state_hash, redirect_uri, nonce, code_verifier, code, expires_at)
      values (${ids.signIn}, ${accountId}, ${randomBytes(32)}, 'cli', ${text('nonce')}, ${text('code_verifier')}, ${text('code')}, now() + interval '1 hour')`.execute(
      trx,
    );
    await sql`insert into content_chunks (content_id, number, key_id, data)
      values (${ids.content}, 3, ${chunk.keyId}, ${Buffer.from(chunk.data)})`.execute(trx);
    await sql`insert into answer_attachment_parts (attachment_id, number, key_id, data)
      values (${ids.attachment}, 0, ${part.keyId}, ${Buffer.from(part.data)})`.execute(trx);
  });
  async function readAll(ring: KeyRing) {
    const { rows } = await sql<Record<string, string>>`
      select nonce, code_verifier, code from sign_ins where id = ${ids.signIn}`.execute(db);
    const secret = (column: string, value = '') => ring.decrypt(value, `sign_ins.${column}|${ids.signIn}`);
    const [{ nonce, codeVerifier, code } = {}] = rows;
    const chunks = await db.selectFrom('contentChunks').selectAll().where('contentId', '=', ids.content).execute();
    const parts = await db
      .selectFrom('answerAttachmentParts')
      .selectAll()
      .where('attachmentId', '=', ids.attachment)
      .execute();
    const bytes = (rows: readonly { keyId: string; data: Buffer }[], context: string) =>
      rows.map(({ keyId, data }) => Buffer.from(ring.decryptBytes(keyId, data, context)).toString());
    return {
      settings: await findSettings(db, ring),
      isCertificateRead: (await findCertificate(db, ring, certificateId))?.privateKey === privateKey,
      tokens: (await findTokenCache(db, ring, accountId))?.cache,
      signIn: [secret('nonce', nonce), secret('code_verifier', codeVerifier), secret('code', code)],
      chunks: bytes(chunks, `content_chunks.data|${ids.content}|3`),
      parts: bytes(parts, `answer_attachment_parts.data|${ids.attachment}|0`),
      signOn: await takeSingleSignOn(db, ring, { stateHash, browserHash }),
      session: await endSession(db, ring, idHash),
    };
  }
  return { accountId, readAll };
}

const everything = {
  settings: { clientSecret: 'the client secret', previousSecret: 'the one before' },
  isCertificateRead: true,
  tokens: 'the tokens',
  signIn: ['nonce', 'code_verifier', 'code'],
  chunks: ['a chunk'],
  parts: ['a part'],
  signOn: { nonce: 'a nonce', codeVerifier: 'a verifier' },
  session: 'the id token',
};

async function rotate(ring: KeyRing) {
  let all = 0;
  for await (const { rewritten } of rotateKeys(db, ring)) all += rewritten;
  return all;
}
const left = async (ring: KeyRing) =>
  Object.fromEntries((await readKeyUsage(db, ring)).map(({ keyId, total }) => [keyId, total]));

/** Runs `keys …` with a key ring; its exit code and what it printed. */
async function keys(ring: KeyRing, ...args: string[]) {
  const out: string[] = [];
  const err: string[] = [];
  const spies = [
    vi.spyOn(console, 'log').mockImplementation((line: string) => void out.push(line)),
    vi.spyOn(console, 'error').mockImplementation((line: string) => void err.push(line)),
  ];
  const code = await runCommandLine(['keys', ...args], {
    name: 'mailroom',
    openDatabase: async () => openDatabase({ url: database.url, poolSize: 1, applicationName: 'test' }),
    findKeys: () => ring,
    findApi: () => ({ url: '', key: '' }),
  });
  for (const spy of spies) spy.mockRestore();
  return { code, out: out.join('\n'), err: err.join('\n') };
}

const beat = (keyIds: readonly string[]) =>
  signLife(db, { id: randomUUID(), kind: 'worker', keyIds, problem: undefined });

describe('encryption keys', () => {
  it('are replaced in everything that Mailroom encrypts, which then needs the newest alone', async () => {
    const { readAll } = await encryptEverything(before);
    expect(await left(both)).toEqual({ k_new: 0, 'k-old': 12 });
    expect(await rotate(both)).toBe(12);
    expect(await left(both)).toEqual({ k_new: 12, 'k-old': 0 });
    expect(await rotate(both)).toBe(0);
    expect(await readAll(createKeyRing([fresh]))).toMatchObject(everything);
  });

  it('are made by a command, under a new id each', async () => {
    const { code, out } = await keys(before, 'make', '--id', 'k9');
    expect([code, encryptionKeys.parse(out)]).toMatchObject([0, [{ id: 'k9' }]]);
    expect((await keys(before, 'make', '--id', 'k.9')).code).not.toBe(0);
  });

  it('are all known to the rotation: nothing else in the database is encrypted', () => {
    const files = globSync('**/*.ts', { cwd: join(projectFolder, 'database') }).filter((file) =>
      /\.(encrypt|encryptBytes)\(/.test(readFileSync(join(projectFolder, 'database', file), 'utf8')),
    );
    // A file that is new here needs a line in `database/keys/encrypted-places.ts`.
    expect(files.sort()).toEqual([
      'accounts/account-additions.ts',
      'accounts/client-certificates.ts',
      'accounts/settings-credential.ts',
      'answers/draft-attachments.ts',
      'audit/anchors.ts',
      'content/contents.ts',
      'keys/rotate-keys.ts',
      'people/sessions.ts',
      'people/single-sign-ons.ts',
      'processes/key-proof.ts',
      'sign-in/sign-in-returns.ts',
      'sign-in/token-caches.ts',
    ]);
  });

  it('are rotated beside writers: what was written meanwhile stays, by whichever key', async () => {
    const accountIds: string[] = [];
    for (let index = 0; index < 230; index += 1) {
      const accountId = await anAccount(db, { defaultQueueId: null });
      accountIds.push(accountId);
      await putTokenCache(db, before, accountId, `tokens 1 of ${accountId}`);
    }
    const refresh = async (accountId: string) => {
      const known = await findTokenCache(db, both, accountId);
      const version = known?.version ?? 0;
      return await replaceTokenCache(db, before, accountId, `tokens 2 of ${accountId}`, version);
    };
    const [stored] = await Promise.all([Promise.all(accountIds.map(refresh)), rotate(both)]);
    expect(stored).toEqual(accountIds.map(() => true));
    await rotate(both);
    expect(await left(both)).toEqual({ k_new: 230, 'k-old': 0 });
    for (const accountId of accountIds) {
      const found = await findTokenCache(db, createKeyRing([fresh]), accountId);
      expect(found).toMatchObject({ cache: `tokens 2 of ${accountId}`, version: 2 });
    }
  });

  it('are rotated from where an ended rotation stopped', async () => {
    await encryptEverything(before);
    for await (const { words } of rotateKeys(db, both)) if (words === 'tokens of accounts') break;
    expect(await left(both)).toEqual({ k_new: 4, 'k-old': 8 });
    expect(await rotate(both)).toBe(8);
  });

  it('that are missing keep nothing else from being encrypted again, and their values stay', async () => {
    const { accountId } = await encryptEverything(before);
    const lost = createKeyRing([newKey('lost')]);
    await putTokenCache(db, lost, accountId, 'unreadable');
    expect(await rotate(both)).toBe(11);
    expect(await left(both)).toEqual({ k_new: 11, 'k-old': 0, lost: 1 });
    expect((await findTokenCache(db, lost, accountId))?.cache).toBe('unreadable');
  });
});

describe('the commands for keys', () => {
  it('refuse to encrypt with a key that no process has held, or not every one, or that is another one', async () => {
    await encryptEverything(before);
    expect(await keys(both, 'rotate')).toMatchObject({
      code: 1,
      err: expect.stringContaining('no process of Mailroom'),
    });
    await findKeyProblem(db, both, { withTokens: false });
    await beat(['k_new', 'k-old']);
    await beat(['k-old']);
    expect(await keys(both, 'rotate')).toMatchObject({
      code: 1,
      err: expect.stringMatching(/^1 running process does/),
    });
    const other = createKeyRing([newKey('k_new'), old]);
    expect(await keys(other, 'rotate')).toMatchObject({ code: 1, err: expect.stringContaining('not the one') });
    expect(await left(both)).toEqual({ k_new: 0, 'k-old': 12 });
  });

  it('say what is left, encrypt it again, and say when the old key may go', async () => {
    const { accountId } = await encryptEverything(before);
    await findKeyProblem(db, both, { withTokens: false });
    await beat(['k_new', 'k-old']);
    expect((await keys(both, 'status')).err).toContain('k-old: 12 values are left.');
    const rotated = await keys(both, 'rotate');
    expect(rotated).toMatchObject({ code: 0, err: expect.stringContaining('tokens of accounts: 1 encrypted again') });
    expect(rotated.out).toMatch(/^k_new +encrypts .* 12\nk-old +decrypts .* 0$/m);
    expect(rotated.err).toMatch(/k-old: nothing is left in the database\. Remove it after \d{4}-/);

    await db
      .updateTable('keyChecks')
      .set({ emptiedAt: new Date(Date.now() - 8 * 86_400_000) })
      .where('keyId', '=', 'k-old')
      .execute();
    const status = await keys(both, 'status');
    expect(status).toMatchObject({ code: 0, err: expect.stringContaining('Remove it from ENCRYPTION_KEYS') });
    await putTokenCache(db, before, accountId, 'written late');
    expect((await keys(both, 'status')).err).toContain('k-old: 1 value is left');
    await keys(both, 'rotate');
    expect((await keys(both, 'status')).err).toContain('Remove it after');
    expect(JSON.parse((await keys(both, 'status', '--json')).out)).toMatchObject([
      { keyId: 'k_new', held: 'newest', counts: { 'client secret': 1 } },
      { keyId: 'k-old', held: 'older', counts: {}, total: 0 },
    ]);
  });
});
