import { describe, expect, it } from 'vitest';
import { hasBlockedPort, isBlockedPort } from '../../config/blocked-port.ts';

/** Above every port that was ever blocked. */
const PORTS = 11_000;

/** Connects to nothing: what is asked of it was not refused before. */
const goesNowhere = {
  dispatch() {
    throw new Error('allowed');
  },
};

async function isRefusedByFetch(port: number): Promise<boolean> {
  try {
    await fetch(`http://127.0.0.1:${port}/`, { dispatcher: goesNowhere } as unknown as RequestInit);
  } catch (error) {
    return error instanceof Error && error.cause instanceof Error && error.cause.message === 'bad port';
  }
  throw new Error('Something answered');
}

describe('isBlockedPort', () => {
  it('knows exactly the ports that fetch refuses', async () => {
    const refused: number[] = [];
    for (let port = 1; port <= PORTS; port += 1) if (await isRefusedByFetch(port)) refused.push(port);
    expect(refused.length).toBeGreaterThan(80);
    expect(Array.from({ length: PORTS }, (_, index) => index + 1).filter(isBlockedPort)).toEqual(refused);
  });

  it('knows the port of a URL', () => {
    expect(hasBlockedPort('http://localhost:6000/path')).toBe(true);
    expect(hasBlockedPort('http://localhost/path')).toBe(false);
    expect(hasBlockedPort('no URL')).toBe(false);
  });
});
