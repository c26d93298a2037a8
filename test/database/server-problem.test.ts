import type { AddressInfo } from 'node:net';
import { createServer, type Server } from 'node:net';
import { afterEach, describe, expect, it } from 'vitest';
import { openForCommands } from '../../api/open-for-commands.ts';
import { migrateToLatest } from '../../database/migrate.ts';
import { findServerProblem } from '../../database/processes/server-problem.ts';

let server: Server | undefined;
afterEach(() => new Promise<void>((resolve) => (server ? server.close(() => resolve()) : resolve())));

const message = (type: string, ...parts: readonly (Buffer | string)[]) => {
  const body = Buffer.concat(parts.map((part) => (typeof part === 'string' ? Buffer.from(part) : part)));
  const length = Buffer.alloc(4);
  length.writeInt32BE(body.length + 4);
  return Buffer.concat([Buffer.from(type), length, body]);
};
const int16 = (value: number) => Buffer.from([value >> 8, value & 255]);
const int32 = (value: number) => Buffer.from([value >> 24, value >> 16, value >> 8, value].map((byte) => byte & 255));

/** As much of PostgreSQL's protocol as it takes to say which version it is, whatever it is asked. */
async function startOldPostgres(version: string): Promise<string> {
  const ready = message('Z', 'I');
  const rows = message('T', int16(1), 'answer\0', int32(0), int16(0), int32(25), int16(-1), int32(-1), int16(0));
  const row = message('D', int16(1), int32(version.length), version);
  server = createServer((socket) => {
    socket.once('data', () => {
      socket.write(Buffer.concat([message('R', int32(0)), ready]));
      socket.on('data', () => socket.write(Buffer.concat([rows, row, message('C', 'SELECT 1\0'), ready])));
    });
    socket.on('error', () => {});
  });
  await new Promise<void>((resolve) => server?.listen(0, '127.0.0.1', resolve));
  return `postgres://me:pw@127.0.0.1:${(server.address() as AddressInfo).port}/mailroom`;
}

describe('a PostgreSQL older than 18', () => {
  it.each(['9.6.24', '16.4 (Debian 16.4-1)', '17.6'])('is refused in one sentence: %s', async (version) => {
    expect(await findServerProblem(await startOldPostgres(version))).toBe(
      `DATABASE_URL leads to PostgreSQL ${version}: Mailroom needs PostgreSQL 18 or newer.`,
    );
  });

  it('is refused to migrations and commands as well', async () => {
    const url = await startOldPostgres('17.6');
    await expect(migrateToLatest(url)).rejects.toThrow(/PostgreSQL 18 or newer\.$/);
    await expect(openForCommands(url)).rejects.toThrow(/PostgreSQL 18 or newer\.$/);
  });
});
