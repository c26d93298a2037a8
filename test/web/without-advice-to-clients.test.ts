import { globSync, readFileSync } from 'node:fs';
import { expect, it } from 'vitest';
import { withoutAdviceToClients } from '../../web/parts/without-advice-to-clients.ts';

/** Every sentence of the API about something that is not there. */
const details = globSync('api/**/*.ts').flatMap((path) =>
  [...readFileSync(path, 'utf8').matchAll(/['`]([^'`]*Take (?:the id|its id|them) from[^'`]*)['`]/g)].map(
    ([, detail = '']) => detail,
  ),
);

it('leaves a page what is not there, and no route of the API', () => {
  expect(details.length).toBeGreaterThan(10);
  for (const detail of details) expect(withoutAdviceToClients(detail)).toMatch(/^(?!.*(\/api\/|Take )).+\.$/);
});

it('leaves out to read what pages read by themselves', () => {
  expect(withoutAdviceToClients('It is too late for this. Read it again.')).toBe('It is too late for this.');
});

it('leaves other words as they are', () => {
  expect(withoutAdviceToClients('In conflict. Choose another name.')).toBe('In conflict. Choose another name.');
});
