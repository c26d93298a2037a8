import { isBlockedPort } from '../../config/blocked-port.ts';
import { findPortOwner } from './port-owner.ts';
import { portProblem } from './ports.ts';
import { StartProblem } from './start-problem.ts';

/**
 * The ports of a stack: the variable that sets each, the server that listens there, the default, and whether its
 * clients use HTTP and so refuse some ports.
 */
export const stackPorts = {
  api: { variable: 'API_PORT', of: 'Mailroom', default: 3000, http: true },
  simulator: { variable: 'SIMULATOR_PORT', of: 'the simulator', default: 4000, http: true },
  temporal: { variable: 'TEMPORAL_PORT', of: 'Temporal', default: 7233, http: false },
  temporalUi: { variable: 'TEMPORAL_UI_PORT', of: "Temporal's pages", default: 8233, http: true },
  postgres: { variable: 'POSTGRES_PORT', of: 'PostgreSQL', default: 5433, http: false },
} as const;

export type StackPortName = keyof typeof stackPorts;
export type StackPorts = Readonly<Record<StackPortName, number>>;

const portNames = Object.keys(stackPorts) as StackPortName[];

/** Reads the ports from the environment. Throws a StartProblem that lists every problem. */
export function readStackPorts(env: NodeJS.ProcessEnv): StackPorts {
  const problems: string[] = [];
  const ports = Object.fromEntries(
    portNames.map((name) => {
      const { variable, default: fallback, http } = stackPorts[name];
      const text = env[variable]?.trim();
      const port = text ? Number(text) : fallback;
      if (!Number.isInteger(port) || port < 1 || port > 65_535) {
        problems.push(`${variable} is "${text}": must be a port from 1 to 65535, such as ${fallback}.`);
      } else if (http && isBlockedPort(port)) {
        problems.push(`${variable} is ${port}: browsers and Node refuse to connect to this port. Try ${fallback}.`);
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

/** Throws a StartProblem that names each port in use, its owner if visible, and the variable to set. */
export async function checkPortsAreFree(ports: StackPorts, needed: readonly StackPortName[]): Promise<void> {
  const found = await Promise.all(needed.map(async (name) => [name, await portProblem(ports[name])] as const));
  const problems = found.flatMap(([name, problem]) => {
    const { variable, of } = stackPorts[name];
    const port = `Port ${ports[name]}, for ${of},`;
    if (problem === 'taken') {
      const owner = findPortOwner(ports[name]) ?? 'another program';
      return [`${port} is taken by ${owner}. End it, or set ${variable} to another port.`];
    }
    return problem === 'forbidden' ? [`${port} may not be used by this user. Set ${variable} to one above 1023.`] : [];
  });
  if (problems.length > 0) throw new StartProblem(problems.join('\n'));
}
