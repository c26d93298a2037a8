import { createRequire } from 'node:module';
import { describe, expect, it } from 'vitest';
import { hasBlockedPort, isBlockedPort } from '../../config/blocked-port.ts';

/** What Node's own `fetch` refuses, as texts. */
const { badPorts } = createRequire(import.meta.url)('undici/lib/web/fetch/constants.js') as { badPorts: string[] };

describe('isBlockedPort', () => {
  it('knows every port that fetch refuses, and no other', () => {
    const ports = Array.from({ length: 65_535 }, (_, index) => index + 1);
    expect(ports.filter(isBlockedPort)).toEqual(badPorts.map(Number).sort((one, other) => one - other));
  });

  it('knows the port of a URL', () => {
    expect(hasBlockedPort('http://localhost:6000/path')).toBe(true);
    expect(hasBlockedPort('http://localhost/path')).toBe(false);
    expect(hasBlockedPort('no URL')).toBe(false);
  });
});
