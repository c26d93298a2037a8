import { randomUUID } from 'node:crypto';
import { CLIENT_SECRET_CONTEXT } from '../../database/accounts/settings-credential.ts';
import type { Database } from '../../database/database.ts';
import type { KeyRing } from '../../encryption/key-ring.ts';
import { microsoftCloud } from '../../graph/cloud.ts';
import type { MailboxRef } from '../../temporal/mailboxes.ts';
import { comeBack, simulatorSettings } from '../graph/simulated-sign-in.ts';

interface Rows {
  readonly db: Database;
  readonly keys: KeyRing;
}

/** Inserts the simulated organisation as the global properties. */
export async function insertSettings({ db, keys }: Rows): Promise<void> {
  const { tenantId, clientId, clientSecret } = simulatorSettings;
  await db
    .insertInto('settings')
    .values({
      tenantId,
      clientId,
      clientSecret: keys.encrypt(clientSecret, CLIENT_SECRET_CONTEXT),
      clientSecretHint: '0001',
    })
    .execute();
}

/** Inserts an attempt to sign in whose browser came back: its id. It waits for five minutes to be redeemed. */
export async function aReturnedSignIn(
  { db, keys }: Rows,
  simulatorUrl: string,
  { id: accountId, address }: MailboxRef,
): Promise<string> {
  const { redeem } = await comeBack(microsoftCloud('simulator', simulatorUrl), address, { mode: 'auto', as: address });
  const id = randomUUID();
  await db
    .insertInto('signIns')
    .values({
      id,
      accountId,
      stateHash: Buffer.from(id),
      nonce: keys.encrypt(redeem.nonce, `sign_ins.nonce|${id}`),
      codeVerifier: keys.encrypt(redeem.codeVerifier, `sign_ins.code_verifier|${id}`),
      code: keys.encrypt(redeem.code, `sign_ins.code|${id}`),
      redirectUri: redeem.redirectUri,
      expiresAt: new Date(Date.now() + 5 * 60_000),
      failureReason: null,
    })
    .execute();
  return id;
}
