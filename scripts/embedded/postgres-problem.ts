import { lastComplaint } from './server-process.ts';
import { shownPath } from './stack-folder.ts';
import { StartProblem } from './start-problem.ts';

export interface PostgresPlace {
  readonly dataFolder: string;
  /** The port that it should listen on; undefined while its data are created. */
  readonly port?: number;
}

interface KnownCause {
  readonly pattern: RegExp;
  /** What is wrong, and what to do. */
  readonly words: (place: PostgresPlace) => string;
}

const RESET = '`npm run reset` wipes all of Mailroom for a new start';

/** PostgreSQL's messages for causes that people can fix. The first match is the cause. */
const knownCauses: readonly KnownCause[] = [
  {
    pattern: /could not bind|Address already in use|could not create any TCP\/IP sockets/,
    words: ({ port }) =>
      `it cannot listen on port ${port}. End the program that has this port, or set POSTGRES_PORT to another.`,
  },
  {
    pattern:
      /could not (create|resize|map|open|attach)[^:]* shared memory|could not create semaphores|Cannot allocate memory/,
    words: () =>
      'the machine does not give it the shared memory that it needs, about 200 MB. Free some, or raise the limit.',
  },
  {
    pattern: /No space left on device|Disk quota exceeded/,
    words: ({ dataFolder }) =>
      `the disk of ${shownPath(dataFolder)} is full. Free some space and start again; no data are lost.`,
  },
  {
    pattern: /Read-only file system/,
    words: ({ dataFolder }) =>
      `${shownPath(dataFolder)} is on a file system that is read-only. Start Mailroom where it may write.`,
  },
  {
    pattern: /wrong ownership|invalid permissions|Permission denied|Operation not permitted/,
    words: ({ dataFolder }) =>
      `it may not read and write everything in ${shownPath(dataFolder)}. ` +
      'All of it must belong to one user, with mode 0700: the one who starts Mailroom, or the one as whom root lets PostgreSQL run.',
  },
  {
    pattern: /could not look up effective user ID|user does not exist/,
    words: () =>
      `the user id ${process.getuid?.()} has no name on this machine, which PostgreSQL needs. Add it to /etc/passwd, ` +
      'or set DATABASE_URL to a PostgreSQL 18 of your own.',
  },
  {
    pattern: /lock file "postmaster.pid" already exists|another server might be running/,
    words: ({ dataFolder }) => `another PostgreSQL works in ${shownPath(dataFolder)}. End it first.`,
  },
  {
    pattern: /incompatible with server|initialized by PostgreSQL version/,
    words: ({ dataFolder }) =>
      `the data in ${shownPath(dataFolder)} were written by another PostgreSQL. Use the Mailroom that wrote them, or: ${RESET}.`,
  },
  {
    pattern:
      /pg_control|control file|checkpoint record|invalid (magic|page|record)|could not (open|read|access|stat) (file|directory)/,
    words: ({ dataFolder }) =>
      `the data in ${shownPath(dataFolder)} are damaged. Restore them from a copy, or: ${RESET}.`,
  },
];

/**
 * Why PostgreSQL ended before it was ready, from its output: the cause in plain words, and its own line for experts.
 */
export function postgresProblem(what: string, place: PostgresPlace, lines: readonly string[]): StartProblem {
  for (const { pattern, words } of knownCauses) {
    const line = lines.findLast((each) => pattern.test(each));
    if (line !== undefined) return new StartProblem(`${what}: ${words(place)} (${plain(line)})`);
  }
  return new StartProblem(`${what}: ${lastComplaint(lines) ?? 'it ended without a word'}`);
}

/** A line's message, without the time, process and severity before it. */
function plain(line: string): string {
  return line.replace(/^.*?(FATAL|PANIC|ERROR|WARNING|LOG|error): +/, '').replace(/[.:]?\s*$/, '');
}
