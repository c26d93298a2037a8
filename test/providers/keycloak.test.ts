import { execFileSync } from 'node:child_process';
import { describe, it } from 'vitest';
import { describeProvider } from './describe-provider.ts';
import { startKeycloak } from './start-keycloak.ts';

/** Major version of the Java on PATH; undefined without one. */
function javaVersion(): number | undefined {
  try {
    const [, version] = /(\d+)/.exec(execFileSync('java', ['--version'], { encoding: 'utf8' })) ?? [];
    return version === undefined ? undefined : Number(version);
  } catch {
    return undefined;
  }
}

const OLDEST_JAVA = 17;

if ((javaVersion() ?? 0) >= OLDEST_JAVA) describeProvider('Keycloak', startKeycloak);
else describe.skip(`Keycloak: needs Java ${OLDEST_JAVA} or newer on PATH`, () => it('is skipped', () => {}));
