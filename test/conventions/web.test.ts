import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { describe, expect, it } from 'vitest';
import { eventNames } from '../../database/accounts/events.ts';
import { auditActs } from '../../domain/audit-act.ts';
import { deliveryReasons } from '../../domain/delivery.ts';
import { differenceOutcomes } from '../../domain/difference-outcome.ts';
import { failureReasons, failureTypes } from '../../domain/failure.ts';
import { settingsFindingCodes } from '../../graph/entra/settings-finding.ts';
import { buildWebWhenOld } from '../../scripts/embedded/build-web.ts';
import { projectFolder } from '../../scripts/embedded/stack-folder.ts';
import { apiTypesFile, generateApiTypes } from '../../scripts/web/api-types.ts';
import { desk as deskDe, eventWordsDe } from '../../web/words/de/desk.ts';
import { findingWordsDe } from '../../web/words/de/finding-words.ts';
import { de } from '../../web/words/de.ts';
import { desk as deskEn } from '../../web/words/en/desk.ts';
import { en } from '../../web/words/en.ts';
import { serverWordsDe } from '../../web/words/server-words.ts';

/** What a browser loads before it shows the accounts, compressed. */
const FIRST_LOAD_BYTES = 200_000;

interface Chunk {
  readonly file: string;
  readonly imports?: readonly string[];
}

describe('the pages', () => {
  it('know the API as it is; otherwise run `node scripts/web/write-api-types.ts`', { timeout: 20_000 }, async () => {
    expect(readFileSync(apiTypesFile, 'utf8')).toBe(await generateApiTypes());
  });

  it('load less than 200 kB of JavaScript before they show the accounts', { timeout: 60_000 }, async () => {
    await buildWebWhenOld();
    const built = join(projectFolder, 'dist/web');
    const manifest: Record<string, Chunk> = JSON.parse(readFileSync(join(built, '.vite/manifest.json'), 'utf8'));
    const files = new Set<string>();
    const load = (name: string) => {
      const chunk = manifest[name];
      if (!chunk) throw new Error(`${name} is not in the build`);
      if (files.has(chunk.file)) return;
      files.add(chunk.file);
      chunk.imports?.forEach(load);
    };
    for (const name of ['index.html', 'email/email-page.tsx', 'email/accounts-page.tsx']) load(name);
    const bytes = [...files].reduce((sum, file) => sum + gzipSync(readFileSync(join(built, file))).length, 0);
    expect(bytes).toBeGreaterThan(50_000);
    expect(bytes).toBeLessThan(FIRST_LOAD_BYTES);
  });

  it('say everything in each language', () => {
    const shape = (words: object): unknown =>
      Object.fromEntries(
        Object.entries(words).map(([key, value]) => [key, typeof value === 'object' ? shape(value) : typeof value]),
      );
    expect(shape(de)).toEqual(shape(en));
    expect(shape(deskDe)).toEqual(shape(deskEn));
  });

  it('say in German what the API says in English: every reason, delivery, difference and finding, all that happens to accounts', () => {
    expect(Object.keys(serverWordsDe.reasons).sort()).toEqual([...failureReasons].sort());
    expect(Object.keys(serverWordsDe.types).sort()).toEqual([...failureTypes].sort());
    expect(Object.keys(serverWordsDe.delivery).sort()).toEqual([...deliveryReasons].sort());
    const outcomes = Object.keys(serverWordsDe.differences).filter((outcome) => outcome !== 'captured-later');
    expect(outcomes.sort()).toEqual([...differenceOutcomes].sort());
    expect(Object.keys(findingWordsDe).sort()).toEqual([...settingsFindingCodes].sort());
    expect(Object.keys(deskEn.audit.acts).sort()).toEqual(Object.values(auditActs).flat().sort());
    const ofAccounts = eventNames.filter((name) => /^(account|answer|erasure|hold|item)\./.test(name));
    expect(Object.keys(eventWordsDe).sort()).toEqual([...ofAccounts].sort());
  });
});
