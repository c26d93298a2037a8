import { randomBytes } from 'node:crypto';
import { afterEach, describe, expect, it } from 'vitest';
import { type ClamavPatience, createClamav } from '../../ingest/content/clamav.ts';
import { EICAR, startClamd } from '../support/clamd.ts';

const stops: (() => Promise<void>)[] = [];
afterEach(async () => {
  for (const stop of stops.splice(0)) await stop();
});

async function clamd(options: Parameters<typeof startClamd>[0] = {}) {
  const server = await startClamd(options);
  stops.push(server.stop);
  return server;
}

async function scan(server: { host: string; port: number }, pieces: readonly Uint8Array[], patience?: ClamavPatience) {
  const running = createClamav(server, patience).begin();
  for (const piece of pieces) await running.add(piece);
  return await running.conclude();
}

describe('ClamAV', () => {
  it('gets the whole file, and finds it clean', async () => {
    const server = await clamd();
    const pieces = Array.from({ length: 8 }, () => randomBytes(262_144));
    expect(await scan(server, pieces)).toEqual({ verdict: 'clean', finding: null });
    expect(server.scanned).toEqual([8 * 262_144]);
  });

  it('finds a virus that lies across two pieces', async () => {
    const pieces = [EICAR.subarray(0, 20), EICAR.subarray(20)];
    expect(await scan(await clamd(), pieces)).toEqual({ verdict: 'infected', finding: 'Eicar-Signature' });
  });

  it('scans a file of no bytes', async () => {
    expect(await scan(await clamd(), [])).toEqual({ verdict: 'clean', finding: null });
  });

  it('that refuses a large file leaves it unscanned, while more of it is sent', async () => {
    const server = await clamd({ mostBytes: 1_000 });
    const pieces = Array.from({ length: 40 }, () => randomBytes(262_144));
    expect(await scan(server, pieces)).toEqual({ verdict: 'unscanned', finding: 'too-large' });
  });

  it('that is away, or falls silent, leaves files unscanned', async () => {
    const server = await startClamd();
    await server.stop();
    expect(await scan(server, [EICAR])).toEqual({ verdict: 'unscanned', finding: 'scanner-away' });
    const silent = await clamd({ isSilent: true });
    expect(await scan(silent, [EICAR], { silenceMs: 200 })).toEqual({ verdict: 'unscanned', finding: 'scanner-away' });
  });
});
