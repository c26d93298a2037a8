import { accessSync, constants } from 'node:fs';
import { delimiter, join } from 'node:path';
import { chromium } from 'playwright-core';

const names = ['chromium', 'chromium-browser', 'google-chrome', 'google-chrome-stable'];

/**
 * The machine's Chromium or Chrome: `CHROMIUM_PATH`, else by its usual names on PATH, else Playwright's own. Throws what
 * to do without one.
 */
export function findChromium(): string {
  const given = process.env.CHROMIUM_PATH;
  const folders = (process.env.PATH ?? '').split(delimiter);
  const usual = names.flatMap((name) => folders.map((folder) => join(folder, name)));
  const candidates = given ? [given] : [...usual, chromium.executablePath()];
  const found = candidates.find(isExecutable);
  if (found !== undefined) return found;
  throw new Error(
    given
      ? `CHROMIUM_PATH names ${given}, where no program is.`
      : 'This needs Chromium: install it (Debian: apt-get install chromium), or set CHROMIUM_PATH.',
  );
}

function isExecutable(path: string): boolean {
  try {
    accessSync(path, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}
