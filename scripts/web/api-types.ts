import { spawn } from 'node:child_process';
import { registerHooks } from 'node:module';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { projectFolder } from '../embedded/stack-folder.ts';
import { readOpenApiDocument } from './openapi-document.ts';

/** The file from which the pages import the API's types. */
export const apiTypesFile = join(projectFolder, 'web', 'api', 'schema.ts');

const HEADER = `// Generated from the API's own OpenAPI document by \`node scripts/web/write-api-types.ts\`. Do not edit.\n\n`;

/**
 * Generates TypeScript types for every request and answer of the API. The generator builds them with the compiler API
 * of TypeScript 5, which TypeScript 7 does not have: ts-morph bundles a copy.
 */
export async function generateApiTypes(): Promise<string> {
  const hooks = registerHooks({
    resolve: (specifier, context, next) =>
      next(specifier === 'typescript' ? '@ts-morph/common/dist/typescript.js' : specifier, context),
  });
  const { default: openapiTS, astToString } = await import('openapi-typescript');
  hooks.deregister();
  const document = withoutWords(await readOpenApiDocument());
  const nodes = await openapiTS(document, { alphabetize: true, defaultNonNullable: false });
  return await formatted(HEADER + astToString(nodes));
}

/** Removes descriptions: they change often and do not affect the types. */
function withoutWords(document: object): never {
  const isWords = (key: string, value: unknown) =>
    typeof value === 'string' && (key === 'description' || key === 'summary');
  return JSON.parse(JSON.stringify(document, (key, value) => (isWords(key, value) ? '' : value))) as never;
}

/** Formatted by Biome, as every file of the project. */
async function formatted(source: string): Promise<string> {
  const biome = spawn('biome', ['format', `--stdin-file-path=${apiTypesFile}`], { stdio: ['pipe', 'pipe', 'inherit'] });
  biome.stdin.end(source);
  return await text(biome.stdout);
}
