import { describe, expect, it } from 'vitest';
import { postgresProblem } from '../../scripts/embedded/postgres-problem.ts';

const place = { dataFolder: '/srv/mailroom/.mailroom/postgres', port: 5433 };
const said = (...lines: string[]) => postgresProblem('PostgreSQL does not start', place, lines).message;

describe('why PostgreSQL does not start', () => {
  it.each([
    [
      'a port',
      [
        'LOG:  could not bind IPv4 address "127.0.0.1": Address already in use',
        'WARNING:  could not create listen socket for "127.0.0.1"',
        'FATAL:  could not create any TCP/IP sockets',
      ],
      /cannot listen on port 5433\. .+POSTGRES_PORT/,
    ],
    [
      'a full disk',
      ['FATAL:  could not write lock file "postmaster.pid": No space left on device'],
      /is full\. Free some space/,
    ],
    [
      'a full disk that is met while it recovers',
      [
        'PANIC:  could not write to file "pg_wal/xlogtemp.7": No space left on device',
        'LOG:  startup process was terminated',
      ],
      /is full\. Free some space/,
    ],
    [
      'a full disk that is met while data are made',
      [
        'selecting dynamic shared memory implementation ... posix',
        '2026-11-27 02:11:20.281 UTC [4711] PANIC:  could not write to file "base/1/2619": No space left on device',
        'FATAL:  cannot abort transaction 1, it was already committed',
      ],
      /is full\. .+ \(could not write to file "base\/1\/2619": No space left on device\)$/,
    ],
    [
      'little shared memory, which is no full disk',
      ['FATAL:  could not resize shared memory segment "/PostgreSQL.7" to 1048576 bytes: No space left on device'],
      /shared memory that it needs/,
    ],
    [
      'rights',
      ['FATAL:  data directory "/srv/mailroom/.mailroom/postgres" has wrong ownership'],
      /must belong to one user, with mode 0700/,
    ],
    [
      'rights of one file',
      ['FATAL:  could not open file "global/pg_filenode.map": Permission denied'],
      /must belong to one user/,
    ],
    [
      'a read-only file system',
      ['FATAL:  could not create lock file "postmaster.pid": Read-only file system'],
      /read-only/,
    ],
    ['another server', ['FATAL:  lock file "postmaster.pid" already exists'], /another PostgreSQL works in/],
    [
      'data of another version',
      ['FATAL:  database files are incompatible with server'],
      /written by another PostgreSQL/,
    ],
    [
      'damaged data',
      ['PANIC:  could not read file "global/pg_control": read 7 of 296'],
      /are damaged\. .+npm run reset/,
    ],
    ['a lost log of changes', ['PANIC:  could not locate a valid checkpoint record at 0/174B628'], /are damaged/],
    [
      'a user without a name',
      ['initdb: error: could not look up effective user ID 12345: user does not exist'],
      /has no name on this machine/,
    ],
  ])('is told in one line: %s', (_, lines, expected) => {
    expect(said(...lines)).toMatch(expected);
    expect(said(...lines)).not.toContain('\n');
  });

  it('is told in its own words where we know no others', () => {
    expect(said('FATAL:  the moon is full')).toBe('PostgreSQL does not start: the moon is full');
    expect(said()).toBe('PostgreSQL does not start: it ended without a word');
  });
});
