import { expect, it } from 'vitest';
import { shownHeader } from '../../web/mail/shown-header.ts';

it.each([
  ['list', 'list'],
  [
    'multipart/report; boundary="000000000000d972f7056cdb8a6e"; report-type=delivery-status',
    'multipart/report; report-type=delivery-status',
  ],
  [
    'multipart/report;\r\n\tBoundary=abc; report-type=disposition-notification',
    'multipart/report; report-type=disposition-notification',
  ],
  ['x'.repeat(61), `${'x'.repeat(60)}…`],
])('shows the header %j as %j', (value, shown) => {
  expect(shownHeader(value)).toBe(shown);
});
