/** What one globalSetup run starts: a server, and how to end it. */
export interface Started<T> {
  readonly value: T;
  stop(): Promise<void>;
}

interface Shared {
  readonly started: Promise<Started<unknown>>;
  users: number;
}

// Each vitest project loads its global set-up anew; the process is the only thing that they have in common.
const registry = processWide('mailroom.shared-servers', () => new Map<string, Shared>());

function processWide<T>(name: string, create: () => T): T {
  const globals = globalThis as Record<symbol, unknown>;
  const key = Symbol.for(name);
  globals[key] ??= create();
  return globals[key] as T;
}

/**
 * Starts a server once for all projects of a run that ask for it, and stops it when the last of them is done.
 * Returns what was started and the function that gives it back.
 */
export async function shareServer<T>(name: string, start: () => Promise<Started<T>>) {
  let shared = registry.get(name);
  if (shared === undefined) {
    shared = { started: start(), users: 0 };
    registry.set(name, shared);
  }
  const entry = shared;
  entry.users += 1;
  const { value, stop } = (await entry.started) as Started<T>;
  return {
    value,
    async release() {
      entry.users -= 1;
      if (entry.users > 0) return;
      registry.delete(name);
      await stop();
    },
  };
}
