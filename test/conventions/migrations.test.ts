import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { projectFolder } from '../../scripts/embedded/stack-folder.ts';

/** What old processes, which run while a migration does and after it, could stumble over. */
const taking = [
  [
    /\bdrop\s+(?!not\b|default\b|identity\b|expression\b|constraint\b|index\b|trigger\b|function\b)(\w+)/i,
    'drops what they may still write',
  ],
  [/\brename\b/i, 'renames what they know by its old name'],
  [/\balter\s+(column\s+)?\w+\s+(set\s+data\s+)?type\b/i, 'changes a type that they write'],
  [/\bset\s+not\s+null\b/i, 'requires what they may leave out'],
  [
    /\badd\s+(column\s+)?(?!constraint\b)\w+\s+[^,;'`]*\bnot\s+null\b(?![^,;'`]*\b(default|generated)\b)/i,
    'adds what they do not write',
  ],
] as const;

/**
 * Dropped a column that workers of the release before wrote, so that these failed until they were replaced. It was released,
 * and released migrations are not changed.
 */
const RELEASED = ['0002-watching.ts'];
/** Says since which release no process uses what is taken away: one that came before the release of the migration. */
const UNUSED_SINCE = /Unused since \d+\.\d+\.\d+/;

/** What a migration does to processes of the release before, in words. */
function harmsOf(source: string): readonly string[] {
  if (UNUSED_SINCE.test(source)) return [];
  const statements = source.replace(/\/\*[\s\S]*?\*\/|\/\/.*/g, '').replace(/--.*/g, '');
  return taking.flatMap(([pattern, harm]) => (pattern.test(statements) ? [harm] : []));
}

describe('a migration', () => {
  const folder = join(projectFolder, 'database', 'migrations');
  const files = readdirSync(folder).filter((file) => !RELEASED.includes(file));

  it.each(files)('leaves the processes of the release before what they use: %s', (file) => {
    expect(harmsOf(readFileSync(join(folder, file), 'utf8'))).toEqual([]);
  });

  it.each([
    'alter table accounts drop column current_at',
    'drop table watches',
    'alter table accounts rename column enabled to is_enabled',
    'alter table accounts alter column backfill_days type bigint',
    'alter table accounts alter current_at set not null',
    'alter table accounts add column kind text not null',
  ])('would be found out: %s', (statement) => {
    expect(harmsOf(statement)).toHaveLength(1);
    expect(harmsOf(`/** Unused since 0.4.0. */ ${statement}`)).toEqual([]);
  });

  it.each([
    "alter table accounts add column kind text not null default 'own', add seen_at timestamptz",
    'alter table items alter message_id drop not null',
    "alter table items drop constraint items_state_check, add constraint items_state_check check (state <> '')",
    'create table things (id uuid primary key, name text not null)',
    '/** Nothing is dropped. */ create index if not exists things_name on things (name)',
  ])('may add: %s', (statement) => {
    expect(harmsOf(statement)).toEqual([]);
  });
});
