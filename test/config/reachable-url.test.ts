import { expect, it } from 'vitest';
import { reachableUrl } from '../../config/reachable-url.ts';

it.each([
  'https://mailroom.example',
  'https://mailroom.example:8443/app',
  'https://20.190.128.1',
  'https://[2603:1000::1]',
])('Microsoft may reach %s', (url) => {
  expect(reachableUrl(url, 'global')).toBe(url);
});

it.each([
  'http://mailroom.example',
  'https://localhost',
  'https://mailroom.localhost',
  'https://mailroom',
  'https://mailroom.internal',
  'https://127.0.0.1',
  'https://10.1.2.3',
  'https://172.20.0.5',
  'https://192.168.1.1',
  'https://[::1]',
  'https://[fd00::1]',
])('Microsoft cannot reach %s', (url) => {
  expect(reachableUrl(url, 'global')).toBeUndefined();
  expect(reachableUrl(url, 'simulator')).toBe(url);
});
