import { spawnSync } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { chownSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { sql } from 'kysely';
import type { Database } from '../../database/database.ts';
import { postgresOwner } from '../../scripts/embedded/postgres-owner.ts';

export interface SmallDisk {
  /** For files that PostgreSQL writes while it sorts. */
  readonly tablespace: string;
  /** Takes the last bytes. */
  fill(): Promise<void>;
  /** Gives them back. */
  makeRoom(): Promise<void>;
  unmount(): Promise<void>;
}

/** A file system of so many megabytes as a tablespace for temporary files of PostgreSQL. Undefined where this process may not mount one. */
export async function mountSmallDisk(db: Database, megabytes: number): Promise<SmallDisk | undefined> {
  const folder = mkdtempSync(join(tmpdir(), 'mailroom-disk-'));
  const run = (command: string, ...args: string[]) => spawnSync(command, args, { stdio: 'ignore' }).status === 0;
  if (!run('mount', '-t', 'tmpfs', '-o', `size=${megabytes}m`, 'tmpfs', folder)) {
    rmSync(folder, { recursive: true });
    return undefined;
  }
  const place = join(folder, 'space');
  mkdirSync(place);
  // Whoever runs the tests' PostgreSQL.
  const owner = postgresOwner(place);
  if (owner) for (const path of [folder, place]) chownSync(path, owner.uid, owner.gid);
  const tablespace = `disk_${randomBytes(4).toString('hex')}`;
  await sql.raw(`create tablespace ${tablespace} location '${place}'`).execute(db);
  const ballast: string[] = [];
  return {
    tablespace,
    async fill() {
      for (const bytes of [1_000_000, 64_000, 4_096]) {
        for (;;) {
          const file = join(folder, `ballast-${ballast.length}`);
          ballast.push(file);
          try {
            writeFileSync(file, Buffer.alloc(bytes));
          } catch {
            break;
          }
        }
      }
    },
    async makeRoom() {
      for (const file of ballast.splice(0)) rmSync(file, { force: true });
    },
    async unmount() {
      await sql.raw(`drop tablespace ${tablespace}`).execute(db);
      run('umount', folder);
      rmSync(folder, { recursive: true, force: true });
    },
  };
}
