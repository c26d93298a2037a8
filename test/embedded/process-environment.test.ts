import { describe, expect, it } from 'vitest';
import { environmentOf } from '../../scripts/embedded/process-environment.ts';
import { startServerProcess } from '../../scripts/embedded/server-process.ts';

const everything = {
  PATH: '/bin',
  DATABASE_URL: 'postgres://a:b@c/d',
  ENCRYPTION_KEYS_FILE: '/run/keys',
  TEMPORAL_API_KEY: 'temporal',
  OIDC_ISSUER: 'https://login.example',
  OIDC_CLIENT_ID: 'mailroom',
  OIDC_CLIENT_SECRET: 'secret',
  LOG_LEVEL: 'info',
};

describe('a process of the stack', () => {
  it('is given what it reads: the API all, the worker nothing of how people sign in, others no secret', () => {
    expect(environmentOf('api', everything)).toEqual(everything);
    expect(Object.keys(environmentOf('worker', everything))).toEqual([
      'PATH',
      'DATABASE_URL',
      'ENCRYPTION_KEYS_FILE',
      'TEMPORAL_API_KEY',
      'LOG_LEVEL',
    ]);
    expect(Object.keys(environmentOf('other', everything))).toEqual([
      'PATH',
      'OIDC_ISSUER',
      'OIDC_CLIENT_ID',
      'LOG_LEVEL',
    ]);
  });

  it('inherits no secret from the process that starts it', async () => {
    process.env.ENCRYPTION_KEYS = 'only for this test';
    process.env.LOG_LEVEL = 'info';
    try {
      const child = await startServerProcess({
        name: 'printenv',
        command: 'printenv',
        args: ['ENCRYPTION_KEYS', 'LOG_LEVEL'],
      });
      await child.exited;
      expect(child.lastLines().join('\n')).toBe('info');
    } finally {
      delete process.env.ENCRYPTION_KEYS;
      delete process.env.LOG_LEVEL;
    }
  });
});
