import { exitWith } from './config-or-exit.ts';

/** Where a process was to listen, and by which variables that is said. */
export interface Listening {
  readonly port: number;
  readonly portVariable: string;
  /** Undefined: on all addresses of the machine. */
  readonly host?: { readonly name: string; readonly variable: string };
}

/** Ends the process in one line when it cannot listen where it was to; throws every other error again. */
export function exitOverListening(error: unknown, { port, portVariable, host }: Listening): never {
  const code = error instanceof Error && 'code' in error ? error.code : undefined;
  const where = host ? `Port ${port} on ${host.name}` : `Port ${port}`;
  if (code === 'EADDRINUSE') {
    exitWith(`${where} is taken. End the other program, or set ${portVariable} to another port.`);
  }
  if (code === 'EACCES') {
    exitWith(`${where} needs more rights than this process has. Set ${portVariable} to one above 1023.`);
  }
  if (host && (code === 'EADDRNOTAVAIL' || code === 'ENOTFOUND')) {
    exitWith(`This machine has no address ${host.name}. Correct ${host.variable}.`);
  }
  throw error;
}
