import { globSync, readFileSync } from 'node:fs';
import { isBuiltin } from 'node:module';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { projectFolder } from '../../scripts/embedded/stack-folder.ts';

/** Folders that the image of Mailroom holds, where no development dependency is installed. */
const deployed = [
  'activities',
  'api',
  'config',
  'database',
  'domain',
  'encryption',
  'graph',
  'temporal',
  'worker',
  'workflows',
];
const { dependencies } = JSON.parse(readFileSync(join(projectFolder, 'package.json'), 'utf8')) as {
  dependencies: Record<string, string>;
};

describe('what is deployed', () => {
  it.each(deployed)('imports only packages that are installed in production: %s/', (folder) => {
    const files = globSync(`${folder}/**/*.ts`, { cwd: projectFolder });
    expect(files.length).toBeGreaterThan(0);
    for (const file of files) {
      const source = readFileSync(join(projectFolder, file), 'utf8');
      for (const [, from = ''] of source.matchAll(/^(?:import|export|\}).*?from '([^'.][^']*)';$/gm)) {
        if (isBuiltin(from)) continue;
        const name = from.split('/', from.startsWith('@') ? 2 : 1).join('/');
        expect(dependencies, `${file} imports ${from}`).toHaveProperty([name]);
      }
    }
  });
});
