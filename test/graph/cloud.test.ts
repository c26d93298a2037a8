import { expect, test } from 'vitest';
import { microsoftCloud } from '../../graph/cloud.ts';
import { graphScopes } from '../../graph/scopes.ts';

test.each([
  ['global', 'https://login.microsoftonline.com', 'https://graph.microsoft.com'],
  ['usgov', 'https://login.microsoftonline.us', 'https://graph.microsoft.us'],
  ['dod', 'https://login.microsoftonline.us', 'https://dod-graph.microsoft.us'],
  ['china', 'https://login.partner.microsoftonline.cn', 'https://microsoftgraph.chinacloudapi.cn'],
] as const)('the cloud %s has its own hosts, and scopes of its own Graph', (name, loginUrl, graphUrl) => {
  const cloud = microsoftCloud(name);
  expect(cloud).toEqual({ name, loginUrl, graphUrl, scopeBase: graphUrl });
  expect(graphScopes(cloud, 'own')).toEqual([`${graphUrl}/User.Read`, `${graphUrl}/Mail.Read`]);
  expect(graphScopes(cloud, 'shared')).toEqual([`${graphUrl}/User.Read`, `${graphUrl}/Mail.Read.Shared`]);
});

test('the simulator is both on one origin, with the scopes of the global cloud', () => {
  expect(microsoftCloud('simulator', 'http://localhost:4000/')).toEqual({
    name: 'simulator',
    loginUrl: 'http://localhost:4000',
    graphUrl: 'http://localhost:4000',
    scopeBase: 'https://graph.microsoft.com',
  });
  expect(() => microsoftCloud('simulator')).toThrow(TypeError);
});
