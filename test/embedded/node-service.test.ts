import { expect, it } from 'vitest';
import { compileCache } from '../../scripts/embedded/compile-cache.ts';
import { startNodeService } from '../../scripts/embedded/node-service.ts';

it('starts a program of Mailroom with what Node compiled at its last start', async () => {
  const service = await startNodeService({
    name: 'Program',
    program: ['test/embedded/compiled-process.ts'],
    env: { PATH: process.env.PATH },
  });
  await service.process.exited;
  expect(service.process.lastLines()).toEqual([expect.stringContaining(compileCache.NODE_COMPILE_CACHE)]);
});
