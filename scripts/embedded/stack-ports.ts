import { findPortOwner } from './port-owner.ts';
import { isPortFree } from './ports.ts';
import { StartProblem } from './start-problem.ts';

/** Names of the ports of a stack: the variable that sets each, who listens there, and the default. */
export const stackPorts = {
  api: { variable: 'API_PORT', of: 'Mailroom', default: 3000 },
  simulator: { variable: 'SIMULATOR_PORT', of: 'the simulator', default: 4000 },
  temporal: { variable: 'TEMPORAL_PORT', of: 'Temporal', default: 7233 },
  temporalUi: { variable: 'TEMPORAL_UI_PORT', of: "Temporal's pages", default: 8233 },
  postgres: { variable: 'POSTGRES_PORT', of: 'PostgreSQL', default: 5433 },
} as const;

export type StackPortName = keyof typeof stackPorts;
export type StackPorts = Readonly<Record<StackPortName, number>>;

const portNames = Object.keys(stackPorts) as StackPortName[];

/** Reads the ports from the environment. Throws StartProblem, which lists everything that is wrong with them. */
export function readStackPorts(env: NodeJS.ProcessEnv): StackPorts {
  const problems: string[] = [];
  const ports = Object.fromEntries(
    portNames.map((name) => {
      const { variable, default: fallback } = stackPorts[name];
      const text = env[variable]?.trim();
      const port = text ? Number(text) : fallback;
      if (!Number.isInteger(port) || port < 1 || port > 65_535) {
        problems.push(`${variable} is "${text}": must be a port from 1 to 65535, such as ${fallback}.`);
      }
      return [name, port];
    }),
  ) as Record<StackPortName, number>;
  for (const [index, name] of portNames.entries()) {
    const same = portNames.slice(0, index).find((earlier) => ports[earlier] === ports[name]);
    if (same) problems.push(`${stackPorts[same].variable} and ${stackPorts[name].variable} are both ${ports[name]}.`);
  }
  if (problems.length > 0) throw new StartProblem(problems.join('\n'));
  return ports;
}

/** Throws StartProblem, which names each port that is taken, by whom if that can be seen, and the variable to set. */
export async function checkPortsAreFree(ports: StackPorts, needed: readonly StackPortName[]): Promise<void> {
  const free = await Promise.all(needed.map((name) => isPortFree(ports[name])));
  const problems = needed
    .filter((_, index) => !free[index])
    .map((name) => {
      const { variable, of } = stackPorts[name];
      const owner = findPortOwner(ports[name]) ?? 'another program';
      return `Port ${ports[name]}, for ${of}, is taken by ${owner}. End it, or set ${variable} to another port.`;
    });
  if (problems.length > 0) throw new StartProblem(problems.join('\n'));
}
