import { spawnSync } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { chownSync, mkdirSync, mkdtempSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { sql } from 'kysely';
import type { Database } from '../../database/database.ts';

export interface SmallDisk {
  /** For databases that live on it. */
  readonly tablespace: string;
  /** Takes the last bytes. */
  fill(): Promise<void>;
  /** Gives them back. */
  makeRoom(): Promise<void>;
  unmount(): Promise<void>;
}

/** A file system of so many megabytes as a tablespace of PostgreSQL. Undefined where this process may not mount one. */
export async function mountSmallDisk(db: Database, megabytes: number): Promise<SmallDisk | undefined> {
  const folder = mkdtempSync(join(tmpdir(), 'mailroom-disk-'));
  const run = (command: string, ...args: string[]) => spawnSync(command, args, { stdio: 'ignore' }).status === 0;
  if (!run('mount', '-t', 'tmpfs', '-o', `size=${megabytes}m`, 'tmpfs', folder)) {
    rmSync(folder, { recursive: true });
    return undefined;
  }
  const { rows } = await sql<{ dataFolder: string }>`select current_setting('data_directory') as data_folder`.execute(
    db,
  );
  const { uid, gid } = statSync(rows[0]?.dataFolder ?? folder);
  const place = join(folder, 'space');
  mkdirSync(place);
  for (const path of [folder, place]) chownSync(path, uid, gid);
  const tablespace = `disk_${randomBytes(4).toString('hex')}`;
  await sql.raw(`create tablespace ${tablespace} location '${place}'`).execute(db);
  const ballast = [1_000_000, 64_000, 4_096];
  const files = ballast.flatMap((_, round) =>
    Array.from({ length: 40 }, (_, n) => join(folder, `ballast-${round}-${n}`)),
  );
  return {
    tablespace,
    async fill() {
      for (const [index, file] of files.entries()) {
        try {
          writeFileSync(file, Buffer.alloc(ballast[Math.floor(index / 40)] ?? 0));
        } catch {
          // Full for pieces of this size; smaller ones follow.
        }
      }
    },
    async makeRoom() {
      for (const file of files) rmSync(file, { force: true });
      run('mount', '-o', `remount,size=${megabytes * 4}m`, folder);
    },
    async unmount() {
      await sql.raw(`drop tablespace ${tablespace}`).execute(db);
      run('umount', folder);
      rmSync(folder, { recursive: true, force: true });
    },
  };
}
