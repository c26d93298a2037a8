/**
 * Who may import whom: the table of docs/architecture.md, for `npm run check`. Whatever no line allows is refused, and so is
 * every cycle. A folder may always import itself.
 */

/** `folders`: others, whole or one file of them. `packages`: `deployed` are installed in production, `any` in development as well. */
const arrows = {
  domain: { folders: [] },
  encryption: { folders: [], packages: ['core'] },
  config: { folders: ['domain', 'encryption/client-certificate.ts'], packages: 'deployed' },
  process: { folders: ['config'], packages: 'deployed' },
  graph: { folders: ['domain', 'encryption/client-certificate.ts'], packages: 'deployed' },
  database: { folders: ['domain', 'encryption'], packages: 'deployed' },
  temporal: {
    folders: ['domain', 'encryption', 'contract'],
    packages: 'deployed',
  },
  // What client, workflows and activities agree on.
  contract: { folders: ['domain'], packages: ['@temporalio/workflow', '@temporalio/common'] },
  // No zod: it costs 3.6 times the memory of each cached run.
  workflows: {
    folders: ['domain', 'contract'],
    packages: ['@temporalio/workflow', '@temporalio/common'],
  },
  // How mail is read, without Temporal (below).
  ingest: {
    folders: ['domain', 'graph', 'database', 'encryption', 'contract'],
    packages: 'deployed',
  },
  activities: {
    folders: ['contract', 'domain', 'graph', 'database', 'encryption', 'ingest'],
    packages: 'deployed',
  },
  worker: {
    folders: [
      'activities',
      'config',
      'contract',
      'database',
      'domain',
      'encryption',
      'graph',
      'ingest',
      'process',
      'temporal',
      'workflows',
    ],
    packages: 'deployed',
  },
  // Of Graph only what signs in: mail is the matter of workflows and the database.
  api: {
    folders: [
      'config',
      'database',
      'domain',
      'encryption',
      'graph/cloud.ts',
      'graph/entra/settings-finding.ts',
      'graph/entra/sign-in-error.ts',
      'graph/entra/sign-in.ts',
      'process',
      'temporal',
      'contract',
      // Types that are generated from our own OpenAPI document, for the commands that use the API.
      'web/api/schema.ts',
    ],
    packages: 'deployed',
  },
  // Of the domain words, and what the pages have to foresee of the API.
  web: { folders: ['domain/words', 'domain/safe-file-name.ts'], packages: 'any' },
  simulator: { folders: [], packages: 'any' },
};

/** Tools of development: they may import every folder but the tests. */
const tools = {
  scripts: [],
  bench: ['scripts', 'simulator'],
  chaos: ['scripts', 'simulator', 'bench'],
};
const parts = Object.keys(arrows).filter((folder) => folder !== 'web' && folder !== 'simulator');
for (const [folder, others] of Object.entries(tools)) {
  arrows[folder] = { folders: [...parts, ...others], packages: 'any' };
}
// Ports, passwords and people of the embedded simulator.
arrows.scripts.folders.push('simulator/entra/default-directory.ts');

/** Single files that may do more than their folder. */
const exceptions = [{ from: { path: '^database/migrate\\.ts$' }, to: { path: '^config/environment\\.ts$' } }];

const pathOf = (place) => (place.endsWith('.ts') ? `^${place.replace('.', '\\.')}$` : `^${place}/`);

function packageRules(from, packages) {
  if (packages === undefined) return [];
  if (packages === 'any') return [{ from, to: { dependencyTypes: ['npm', 'npm-dev', 'core'] } }];
  if (packages === 'deployed')
    return [{ from, to: { dependencyTypes: ['npm', 'core'], dependencyTypesNot: ['npm-dev'] } }];
  return packages.map((name) =>
    name === 'core'
      ? { from, to: { dependencyTypes: ['core'] } }
      : { from, to: { path: `(^|/)node_modules/${name}/`, dependencyTypes: ['npm'] } },
  );
}

export default {
  allowed: [
    { from: { path: '^([^/]+)/' }, to: { path: '^$1/' } },
    ...Object.entries(arrows).flatMap(([folder, { folders, packages }]) => {
      const from = { path: `^${folder}/` };
      return [...folders.map((place) => ({ from, to: { path: pathOf(place) } })), ...packageRules(from, packages)];
    }),
    ...exceptions,
  ],
  allowedSeverity: 'error',
  forbidden: [
    { name: 'no-cycle', severity: 'error', from: {}, to: { circular: true } },
    {
      name: 'reading-knows-no-temporal',
      severity: 'error',
      from: { path: '^ingest/' },
      to: { path: 'node_modules/@temporalio/' },
    },
    {
      // Requests go out by Node's own `fetch`, which knows the proxies (decision 24). Only what fetches images for
      // strangers decides about each connection, and programs of development do as they like.
      name: 'requests-by-fetch',
      severity: 'error',
      from: { pathNot: '^(api/images|simulator|bench)/' },
      to: { path: '(^|/)node_modules/undici/' },
    },
    {
      name: 'words-bring-nothing-along',
      comment: 'Browsers load them.',
      severity: 'error',
      from: { path: '^domain/words/' },
      to: { pathNot: '^domain/words/', dependencyTypesNot: ['type-only'] },
    },
  ],
  options: {
    // The one parser that reads what TypeScript 7 does; types count as well.
    parser: 'swc',
    tsPreCompilationDeps: true,
    doNotFollow: { path: 'node_modules' },
    enhancedResolveOptions: {
      extensions: ['.ts', '.tsx', '.mjs', '.js', '.css'],
      exportsFields: ['exports'],
      conditionNames: ['import', 'types', 'node', 'default'],
    },
  },
};
