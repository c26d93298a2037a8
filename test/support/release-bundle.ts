import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { bundleMailroomWorkflows } from '../../worker/workflow-bundle.ts';

/** Bundles the workflows as the named later release has them: the file, and the function that deletes it. */
export async function bundleRelease(release: 'careful' | 'careless') {
  const addition = fileURLToPath(new URL(`./releases/${release}.ts`, import.meta.url));
  const { code } = await bundleMailroomWorkflows({ workflowInterceptorModules: [addition] });
  const folder = await mkdtemp(join(tmpdir(), 'mailroom-release-'));
  const path = join(folder, 'workflows.js');
  await writeFile(path, code);
  return { path, remove: () => rm(folder, { recursive: true, force: true }) };
}
