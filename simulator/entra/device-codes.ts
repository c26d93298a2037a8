import { randomInt } from 'node:crypto';
import type { DatabaseSync } from 'node:sqlite';
import type { AuthorizationGrant } from './authorization-codes.ts';
import { EntraError } from './entra-error.ts';
import { createOpaqueToken, hashToken } from './opaque-token.ts';

/** As with Microsoft: a quarter of an hour to sign in, and a poll every five seconds. */
const LIFETIME_SECONDS = 900;
const INTERVAL_SECONDS = 5;

/** Without letters and digits that are easily confused. */
const USER_CODE_LETTERS = 'ABCDEFGHJKLMNPQRSTUVWXYZ23456789';

/** The request of a device. */
export interface DeviceRequest {
  readonly clientId: string;
  /** The tenant in the path of the request: an id, a domain or `common`. */
  readonly tenant: string;
  /** As the client wrote it. */
  readonly scope: string;
}

export interface NewDeviceCode {
  readonly deviceCode: string;
  readonly userCode: string;
  readonly expiresInSeconds: number;
  readonly intervalSeconds: number;
}

export interface DeviceCodes {
  issue(request: DeviceRequest): NewDeviceCode;
  /** The pending request of this code; case-insensitive. */
  findWaiting(userCode: string): DeviceRequest | undefined;
  /** Stores the person's answer; null is a refusal. */
  answer(userCode: string, grant: AuthorizationGrant | null): void;
  /** Redeems the code. Throws AADSTS70018 (unknown), 70019 (expired), 70016 (no answer yet), 65004 and 54005. */
  redeem(deviceCode: string, clientId: string): AuthorizationGrant;
}

export function createDeviceCodes(database: DatabaseSync): DeviceCodes {
  database.prepare('DELETE FROM entra_device_codes WHERE expires_at < ?').run(Date.now() - 24 * 3_600_000);
  const insert = database.prepare(
    'INSERT INTO entra_device_codes (device_code_hash, user_code, request, expires_at) VALUES (?, ?, ?, ?)',
  );
  const waiting = database.prepare(
    `SELECT request FROM entra_device_codes WHERE user_code = ? AND state = 'waiting' AND expires_at > ?`,
  );
  const answer = database.prepare(
    `UPDATE entra_device_codes SET state = ?, content = ? WHERE user_code = ? AND state = 'waiting'`,
  );
  const byHash = database.prepare('SELECT * FROM entra_device_codes WHERE device_code_hash = ?');
  const spend = database.prepare(`UPDATE entra_device_codes SET state = 'spent' WHERE device_code_hash = ?`);

  return {
    issue(request) {
      const deviceCode = createOpaqueToken(200);
      const userCode = createUserCode();
      insert.run(hashToken(deviceCode), userCode, JSON.stringify(request), Date.now() + LIFETIME_SECONDS * 1_000);
      return { deviceCode, userCode, expiresInSeconds: LIFETIME_SECONDS, intervalSeconds: INTERVAL_SECONDS };
    },

    findWaiting(userCode) {
      const row = waiting.get(foldUserCode(userCode), Date.now());
      return row && (JSON.parse(String(row.request)) as DeviceRequest);
    },

    answer(userCode, grant) {
      answer.run(grant ? 'approved' : 'declined', JSON.stringify(grant), foldUserCode(userCode));
    },

    redeem(deviceCode, clientId) {
      const row = byHash.get(hashToken(deviceCode));
      const request = row && (JSON.parse(String(row.request)) as DeviceRequest);
      if (!row || request?.clientId !== clientId) throw new EntraError(70018);
      if (row.state === 'spent') throw new EntraError(54005);
      if (row.state === 'declined') throw new EntraError(65004, {}, { error: 'authorization_declined' });
      if (Number(row.expires_at) <= Date.now()) throw new EntraError(70019);
      if (row.state === 'waiting') throw new EntraError(70016);
      spend.run(hashToken(deviceCode));
      return JSON.parse(String(row.content)) as AuthorizationGrant;
    },
  };
}

function createUserCode(): string {
  return Array.from({ length: 9 }, () => USER_CODE_LETTERS[randomInt(USER_CODE_LETTERS.length)]).join('');
}

function foldUserCode(userCode: string): string {
  return userCode.replace(/[\s-]/g, '').toUpperCase();
}
