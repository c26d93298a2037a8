import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

/** The document that every page starts with, and what each page needs besides. */
export interface WebBuild {
  readonly document: string;
  /** Links that let the browser fetch the code of the page at this path in parallel. */
  preloadsFor(path: string): string;
}

export function readWebBuild(folder: string): WebBuild {
  const file = join(folder, 'preloads.json');
  const preloads = existsSync(file) ? (JSON.parse(readFileSync(file, 'utf8')) as Record<string, string[]>) : {};
  // The longest prefix wins.
  const beginnings = Object.keys(preloads).sort((one, other) => other.length - one.length);
  return {
    document: readFileSync(join(folder, 'index.html'), 'utf8'),
    preloadsFor(path) {
      const page = beginnings.find((beginning) => path.startsWith(beginning));
      const files = preloads[page ?? ''] ?? [];
      return files.map((name) => `<link rel="modulepreload" crossorigin href="/${name}">`).join('\n');
    },
  };
}
