import { relative } from 'node:path';
import type { Plugin, Rolldown } from 'vite';

/** The page's modules (shell/router.tsx), by path prefix; the longest wins. */
const pages: Readonly<Record<string, readonly string[]>> = {
  '/config/email/accounts': ['email/email-page.tsx', 'email/accounts-page.tsx'],
  '/config/email/accounts/': ['account/account-page.tsx'],
  '/config/email/settings': ['email/email-page.tsx', 'email/settings-page.tsx'],
  '/config/answers': ['answers/answers-page.tsx'],
  '/queues': ['queues/queues-page.tsx'],
  '/queues/': ['queues/queue-page.tsx'],
  '/mine': ['queues/my-items-page.tsx'],
  '/items/': ['queues/item-page.tsx'],
  '/search': ['search/search-page.tsx'],
  '/board': ['board/board-page.tsx'],
  '/sessions': ['sessions/sessions-page.tsx'],
  '/admin/users': ['users/users-page.tsx'],
  '/admin/teams': ['users/teams-page.tsx'],
  '/admin/provisioning': ['users/provisioning-page.tsx'],
  '/admin/api-keys': ['users/api-keys-page.tsx'],
  '/admin/sign-in': ['sign-on/sign-on-page.tsx'],
  '/admin/audit': ['audit/audit-page.tsx'],
  '/admin/retention': ['retention/retention-page.tsx'],
};

/**
 * Modules preloaded with the first file, by language (shell/languages.tsx): those of every page, and those of the pages
 * where mail is worked on.
 */
const words = {
  en: { every: ['words/en.ts'], desk: ['words/en/desk.ts'] },
  de: { every: ['words/de.ts', 'words/server-words.ts'], desk: ['words/de/desk.ts'] },
};

/**
 * Writes `preloads.json`: the files of each page, which the API names in the document. Otherwise browsers learn of them
 * only when the first file runs, one round trip later. The files of each language are in the document itself, which
 * knows the chosen language.
 */
export function preloads(root: string): Plugin {
  return {
    name: 'preloads',
    apply: 'build',
    generateBundle: {
      // After Vite has left out the chunks that held nothing but styles.
      order: 'post',
      handler(_options, bundle) {
        const files = filesIn(bundle, root);
        const source = JSON.stringify(Object.fromEntries(Object.entries(pages).map(([path, ms]) => [path, files(ms)])));
        this.emitFile({ type: 'asset', fileName: 'preloads.json', source });
      },
    },
    transformIndexHtml: {
      order: 'post',
      handler(html, { bundle }) {
        const files = filesIn(bundle ?? {}, root);
        const ofLanguages = Object.entries(words).map(([language, { every, desk }]) => {
          const namesOf = (modules: readonly string[]) => files(modules).map((name) => `/${name}`);
          return [language, { every: namesOf(every), desk: namesOf(desk) }];
        });
        return html.replace('WORD_FILES', JSON.stringify(Object.fromEntries(ofLanguages)));
      },
    },
  };
}

/**
 * The files that these modules need besides those that every page loads. Throws for a module without a chunk of its
 * own.
 */
function filesIn(bundle: Rolldown.OutputBundle, root: string): (modules: readonly string[]) => readonly string[] {
  const chunks = Object.values(bundle).filter((file) => file.type === 'chunk');
  const withImports = (name: string, found = new Set<string>()): Set<string> => {
    if (found.has(name)) return found;
    found.add(name);
    for (const imported of chunks.find(({ fileName }) => fileName === name)?.imports ?? []) {
      withImports(imported, found);
    }
    return found;
  };
  const always = withImports(chunks.find(({ isEntry }) => isEntry)?.fileName ?? '');
  return (modules) => {
    const files = new Set<string>();
    for (const module of modules) {
      const chunk = chunks.find(({ facadeModuleId }) => facadeModuleId && relative(root, facadeModuleId) === module);
      if (!chunk) throw new Error(`${module} is no chunk of its own: correct preloads.ts`);
      for (const file of withImports(chunk.fileName)) if (!always.has(file)) files.add(file);
    }
    return [...files];
  };
}
