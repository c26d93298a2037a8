import { fileURLToPath } from 'node:url';
import {
  type BundleOptions,
  bundleWorkflowCode,
  DefaultLogger,
  type WorkflowBundleWithSourceMap,
} from '@temporalio/worker';

/**
 * Bundles the workflow code for the sandbox, in about a second. Fails when the code reaches a Node built-in, which
 * checks the purity of workflows/ and domain/. Tests add interceptors that stand for a later release's behaviour.
 */
export async function bundleMailroomWorkflows(
  additions: Pick<BundleOptions, 'workflowInterceptorModules'> = {},
): Promise<WorkflowBundleWithSourceMap> {
  return await bundleWorkflowCode({
    ...additions,
    workflowsPath: fileURLToPath(new URL('../workflows/workflows.ts', import.meta.url)),
    failureConverterPath: fileURLToPath(new URL('../temporal/failure-converter.ts', import.meta.url)),
    logger: new DefaultLogger('WARN'),
  });
}
