import { statSync } from 'node:fs';
import { join } from 'node:path';
import { projectFolder } from '../embedded/stack-folder.ts';

/** So that the page that shows it opens at once on a slow line. */
const MOST_BYTES = 150_000;

/** Has a picture of the documentation written into docs/images; its file. Throws where it is too large. */
export async function documentImage(name: string, take: (path: string) => Promise<unknown>): Promise<string> {
  const path = join(projectFolder, 'docs', 'images', `${name}.png`);
  await take(path);
  const { size } = statSync(path);
  if (size > MOST_BYTES) throw new Error(`${path} has ${size} bytes; make it lower.`);
  return path;
}
