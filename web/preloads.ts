import { relative } from 'node:path';
import type { Plugin } from 'vite';

/** The page that an address opens (shell/router.tsx), by the beginning of its path; the longest counts. */
const pages: Readonly<Record<string, readonly string[]>> = {
  '/config/email/accounts': ['email/email-page.tsx', 'email/accounts-page.tsx'],
  '/config/email/accounts/': ['account/account-page.tsx'],
  '/config/email/settings': ['email/email-page.tsx', 'email/settings-page.tsx'],
  '/queues': ['queues/queues-page.tsx'],
  '/queues/': ['queues/queue-page.tsx'],
  '/items/': ['queues/item-page.tsx'],
  '/admin/users': ['users/users-page.tsx'],
};

/**
 * Writes `preloads.json`: the files of each page, for the API to name in the document. Otherwise browsers learn of them only
 * when the first file runs, one journey to the server later.
 */
export function preloads(root: string): Plugin {
  return {
    name: 'preloads',
    apply: 'build',
    generateBundle(_options, bundle) {
      const chunks = Object.values(bundle).filter((file) => file.type === 'chunk');
      const withImports = (name: string, found = new Set<string>()): Set<string> => {
        if (found.has(name)) return found;
        found.add(name);
        for (const imported of chunks.find(({ fileName }) => fileName === name)?.imports ?? [])
          withImports(imported, found);
        return found;
      };
      const entry = chunks.find(({ isEntry }) => isEntry);
      const always = withImports(entry?.fileName ?? '');
      const filesOf = (modules: readonly string[]) => {
        const files = new Set<string>();
        for (const module of modules) {
          const chunk = chunks.find(
            ({ facadeModuleId }) => facadeModuleId && relative(root, facadeModuleId) === module,
          );
          if (!chunk) this.error(`${module} is no chunk of its own: correct preloads.ts`);
          for (const file of withImports(chunk.fileName)) if (!always.has(file)) files.add(file);
        }
        return [...files];
      };
      const source = JSON.stringify(
        Object.fromEntries(Object.entries(pages).map(([path, modules]) => [path, filesOf(modules)])),
      );
      this.emitFile({ type: 'asset', fileName: 'preloads.json', source });
    },
  };
}
