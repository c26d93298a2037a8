import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { configurationTable } from '../../scripts/configuration-table.ts';
import { projectFolder } from '../../scripts/embedded/stack-folder.ts';

const readme = readFileSync(join(projectFolder, 'README.md'), 'utf8');

describe('the README', () => {
  it('shows every variable as it is (node scripts/configuration-table.ts prints the table)', () => {
    expect(readme).toContain(configurationTable());
  });

  it('links to files that exist', () => {
    const links = [...readme.matchAll(/\]\((?!https?:|<)([^)#]+)/g)].map(([, path]) => path as string);
    expect(links.filter((path) => !existsSync(join(projectFolder, path)))).toEqual([]);
  });

  it('names only scripts that exist', () => {
    const { scripts } = JSON.parse(readFileSync(join(projectFolder, 'package.json'), 'utf8'));
    const named = [...readme.matchAll(/npm run (?:--silent )?([a-z:-]+)/g)].map(([, name]) => name as string);
    expect(named.filter((name) => !(name in scripts))).toEqual([]);
  });
});
