import { readStackEnvironment } from './stack-environment.ts';
import { stackPorts } from './stack-ports.ts';

/** The simulator's address: from the environment, else of the stack that runs in the folder, else the default. */
export function findSimulatorUrl(env: NodeJS.ProcessEnv, path?: string): string {
  const { variable, default: usual } = stackPorts.simulator;
  return (
    env.SIMULATOR_URL ||
    readStackEnvironment(path)?.SIMULATOR_URL ||
    `http://localhost:${env[variable]?.trim() || usual}`
  );
}
