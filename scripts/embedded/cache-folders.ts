import { mkdirSync, mkdtempSync, rmdirSync } from 'node:fs';
import { homedir } from 'node:os';
import { join } from 'node:path';
import { projectFolder } from './stack-folder.ts';

/**
 * Folders for downloads, in order of preference: `$XDG_CACHE_HOME/mailroom`, `~/.cache/mailroom`, and `.cache` of this
 * clone, in case the home is missing or read-only.
 */
export function cacheFolders(): readonly string[] {
  const given = process.env.XDG_CACHE_HOME;
  const home = homeFolder();
  const personal = given || (home && join(home, '.cache'));
  return [...(personal ? [join(personal, 'mailroom')] : []), join(projectFolder, '.cache')];
}

/** Undefined for a user without an entry in passwd and without HOME. */
export function homeFolder(): string | undefined {
  try {
    return homedir();
  } catch {
    return undefined;
  }
}

/** Creates a folder if it is missing; returns whether it is writable. */
export function canWriteTo(folder: string): boolean {
  try {
    mkdirSync(folder, { recursive: true });
    rmdirSync(mkdtempSync(join(folder, '.try-')));
    return true;
  } catch {
    return false;
  }
}
