import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type RunningGraph, startGraph } from './start-graph.ts';

describe('The start page', () => {
  let running: RunningGraph;
  beforeAll(async () => {
    running = await startGraph();
  });
  afterAll(() => running.close());

  it('is a page for browsers, which may load and call this server only', async () => {
    const response = await fetch(running.url, { headers: { accept: 'text/html' } });
    const page = await response.text();
    expect(response.headers.get('content-security-policy')).toContain("default-src 'none'; script-src 'self'");
    const assets = [...page.matchAll(/(?:href|src)="(\/start-page\/[^"]+)"/g)].map((match) => match[1]);
    expect(assets).toHaveLength(2);
    for (const asset of assets) expect((await fetch(`${running.url}${asset}`)).status).toBe(200);
  });

  it('tells people with curl how to go on', async () => {
    const usage = await (await fetch(running.url)).text();
    expect(usage).toContain(`curl -X POST ${running.url}/control/mailboxes/`);
  });

  it('offers no real mail where it has no folder of them', async () => {
    expect(await running.control('GET', '/mails')).toEqual({ mails: [] });
    await expect(running.control('GET', '/mails/cpython--msg_02')).rejects.toThrow('404');
  });

  it('offers every fault that there is', async () => {
    const { kinds } = await running.control('GET', '/faults');
    expect(kinds).toEqual(expect.arrayContaining(['throttle', 'lost-sync-state', 'invalid-grant', 'hidden-moves']));
  });
});
