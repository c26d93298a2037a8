import { execFile } from 'node:child_process';
import { globSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { projectFolder } from '../embedded/stack-folder.ts';

/** The parts of CycloneDX 1.5 that npm writes and we read. */
export interface Sbom {
  readonly components: readonly Component[];
  readonly dependencies: readonly { readonly ref: string; readonly dependsOn?: readonly string[] }[];
  readonly [field: string]: unknown;
}

interface Component {
  readonly 'bom-ref': string;
  readonly name: string;
  readonly version: string;
  readonly licenses?: readonly {
    readonly expression?: string;
    readonly license?: { readonly id?: string; readonly name?: string };
  }[];
  readonly properties?: readonly { readonly name: string; readonly value: string }[];
}

const MOST_OUTPUT_BYTES = 32 * 1024 * 1024;

/**
 * What a release of Mailroom consists of: the packages of its processes, and those that are built into the pages, which
 * npm takes for tools of development. From the installed packages.
 */
export async function shippedPackages(): Promise<Sbom> {
  const { stdout } = await promisify(execFile)('npm', ['sbom', '--sbom-format=cyclonedx', '--sbom-type=application'], {
    cwd: projectFolder,
    maxBuffer: MOST_OUTPUT_BYTES,
  });
  const sbom = JSON.parse(stdout) as Sbom;
  const shipped = closure(sbom, [...namesOf(sbom, isOfProcesses), ...namesOf(sbom, isOfPages())]);
  return {
    ...sbom,
    components: sbom.components.filter((component) => shipped.has(component['bom-ref'])),
    dependencies: sbom.dependencies.flatMap(({ ref, dependsOn = [] }) =>
      shipped.has(ref) ? [{ ref, dependsOn: dependsOn.filter((each) => shipped.has(each)) }] : [],
    ),
  };
}

/** Packages whose licence is a file of theirs alone. */
const licencesByFile: Readonly<Record<string, string>> = { unionfs: 'Unlicense' };

/** The licence of a component, as an SPDX expression; undefined: it names none. */
export function licenceOf({ name, licenses = [] }: Component): string | undefined {
  if (licenses.length === 0) return licencesByFile[name];
  const names = licenses.map(({ expression, license }) => expression ?? license?.id ?? license?.name);
  return names.every((each) => each !== undefined) ? names.join(' OR ') : undefined;
}

function namesOf({ components }: Sbom, isMeant: (component: Component) => boolean): string[] {
  return components.filter(isMeant).map((component) => component['bom-ref']);
}

function isOfProcesses({ properties = [] }: Component): boolean {
  return !properties.some(({ name, value }) => name === 'cdx:npm:package:development' && value === 'true');
}

/** Packages that a file of the pages imports. */
function isOfPages(): (component: Component) => boolean {
  const imports = /(?:from|import)\s*\(?'(@[^/']+\/[^/']+|[^./'@][^/']*)/g;
  const names = new Set<string>();
  for (const path of globSync('web/**/*.{ts,tsx}', { cwd: projectFolder, exclude: ['web/vite.config.ts'] })) {
    const code = readFileSync(join(projectFolder, path), 'utf8');
    for (const [, name] of code.matchAll(imports)) if (name !== undefined) names.add(name);
  }
  return ({ name }) => names.has(name);
}

/** These components, and all that they depend on. */
function closure({ dependencies }: Sbom, refs: readonly string[]): ReadonlySet<string> {
  const needs = new Map(dependencies.map(({ ref, dependsOn = [] }) => [ref, dependsOn]));
  const found = new Set<string>();
  const waiting = [...refs];
  for (let ref = waiting.pop(); ref !== undefined; ref = waiting.pop()) {
    if (found.has(ref)) continue;
    found.add(ref);
    waiting.push(...(needs.get(ref) ?? []));
  }
  return found;
}
