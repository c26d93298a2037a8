import type { TestProject } from 'vitest/node';
import { freePorts } from '../../scripts/embedded/ports.ts';
import { startTemporal } from '../../scripts/embedded/temporal-server.ts';
import { type Started, shareServer } from './shared-server.ts';

declare module 'vitest' {
  interface ProvidedContext {
    /** Host and port of the tests' Temporal server. */
    temporalAddress: string;
  }
}

/** One Temporal server for all test files of a run, in memory. */
export default async function setup(project: TestProject) {
  const { value: address, release } = await shareServer('temporal', start);
  project.provide('temporalAddress', address);
  return release;
}

async function start(): Promise<Started<string>> {
  const [port = 0] = await freePorts(1);
  const server = await startTemporal({ port });
  return { value: server.address, stop: () => server.stop() };
}
