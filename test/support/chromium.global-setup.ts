import { spawnSync } from 'node:child_process';
import { findChromium } from '../../scripts/day/find-chromium.ts';

/** Makes sure that there is a browser: where none is found and this is root's Debian, its package is installed. */
export default function setup(): void {
  try {
    findChromium();
  } catch (missing) {
    if (process.getuid?.() !== 0 || !installPackage()) throw missing;
    findChromium();
  }
}

/** False where there is no apt-get, or where it fails; what it says is shown. */
function installPackage(): boolean {
  const apt = (...args: string[]) => spawnSync('apt-get', args, { stdio: 'inherit' }).status === 0;
  return apt('update', '--quiet') && apt('install', '--yes', '--quiet', '--no-install-recommends', 'chromium');
}
