import { exitWith } from './config-or-exit.ts';

/** The address on which a process listens, and the variables that set it. */
export interface Listening {
  readonly port: number;
  readonly portVariable: string;
  /** Undefined: all addresses of the machine. */
  readonly host?: { readonly name: string; readonly variable: string };
}

/** Ends the process in one line when it cannot listen on its port; rethrows every other error. */
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
