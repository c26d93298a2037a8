import { expect, test } from 'vitest';
import { microsoftCloud } from '../../graph/cloud.ts';
import { graphScopes } from '../../graph/entra/scopes.ts';

test.each([
  ['global', 'https://login.microsoftonline.com', 'https://graph.microsoft.com', true],
  ['usgov', 'https://login.microsoftonline.us', 'https://graph.microsoft.us', true],
  ['dod', 'https://login.microsoftonline.us', 'https://dod-graph.microsoft.us', true],
  ['china', 'https://login.partner.microsoftonline.cn', 'https://microsoftgraph.chinacloudapi.cn', false],
] as const)('the cloud %s has its own hosts, and scopes of its own Graph', (name, loginUrl, graphUrl, hasMailDelta) => {
  const cloud = microsoftCloud(name);
  expect(cloud).toEqual({ name, loginUrl, graphUrl, scopeBase: graphUrl, hasMailDelta });
  expect(graphScopes(cloud, 'own')).toEqual([`${graphUrl}/User.Read`, `${graphUrl}/Mail.Read`]);
  expect(graphScopes(cloud, 'shared')).toEqual([`${graphUrl}/User.Read`, `${graphUrl}/Mail.Read.Shared`]);
});

test('the simulator is both on one origin, with the scopes of the global cloud', () => {
  expect(microsoftCloud('simulator', 'http://localhost:4000/')).toEqual({
    name: 'simulator',
    loginUrl: 'http://localhost:4000',
    graphUrl: 'http://localhost:4000',
    scopeBase: 'https://graph.microsoft.com',
    hasMailDelta: true,
  });
  expect(() => microsoftCloud('simulator')).toThrow(TypeError);
});
