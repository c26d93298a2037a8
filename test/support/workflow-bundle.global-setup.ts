import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { TestProject } from 'vitest/node';
import { bundleMailroomWorkflows } from '../../worker/workflow-bundle.ts';
import { type Started, shareServer } from './shared-server.ts';

declare module 'vitest' {
  interface ProvidedContext {
    /** File with the bundled workflows, for `workflowBundle: { codePath }` of a worker. */
    workflowBundlePath: string;
  }
}

/** Bundles the workflows once for all test files of a run. */
export default async function setup(project: TestProject) {
  const { value: path, release } = await shareServer('workflow-bundle', bundle);
  project.provide('workflowBundlePath', path);
  return release;
}

async function bundle(): Promise<Started<string>> {
  const { code } = await bundleMailroomWorkflows();
  const folder = mkdtempSync(join(tmpdir(), 'mailroom-bundle-'));
  const path = join(folder, 'workflows.js');
  writeFileSync(path, code);
  return { value: path, stop: async () => rmSync(folder, { recursive: true, force: true }) };
}
