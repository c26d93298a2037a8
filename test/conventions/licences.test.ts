import { beforeAll, describe, expect, it } from 'vitest';
import { isAllowedLicence } from '../../scripts/shipped/allowed-licences.ts';
import { licenceOf, type Sbom, shippedPackages } from '../../scripts/shipped/shipped-packages.ts';

let sbom: Sbom;
beforeAll(async () => {
  sbom = await shippedPackages();
}, 60_000);

describe('what a release consists of', () => {
  it('are the packages of its processes and of its pages, with what they need, and no tools of development', () => {
    const names = sbom.components.map(({ name }) => name);
    expect(names).toEqual(
      expect.arrayContaining(['fastify', 'find-my-way', '@temporalio/worker', 'react', '@tiptap/pm']),
    );
    expect(names).not.toContain('vitest');
    expect(names).not.toContain('@biomejs/biome');
    const refs = new Set(sbom.dependencies.map(({ ref }) => ref));
    expect(sbom.dependencies.flatMap(({ dependsOn = [] }) => dependsOn).filter((ref) => !refs.has(ref))).toEqual([]);
  });

  it('has licences that were weighed', () => {
    const others = sbom.components.filter((component) => !isAllowedLicence(licenceOf(component)));
    expect(others.map(({ name }) => name)).toEqual([]);
  });
});

describe('a licence', () => {
  it.each([
    ['MIT', true],
    ['(MIT OR GPL-3.0-only)', true],
    ['MIT AND GPL-3.0-only', false],
    ['GPL-3.0-only', false],
    ['UNLICENSED', false],
    [undefined, false],
  ])('%s: %s', (licence, isAllowed) => {
    expect(isAllowedLicence(licence)).toBe(isAllowed);
  });
});
