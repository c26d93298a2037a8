import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { mishapPage, type SignInMishap } from '../../api/pages/sign-in-result-page.ts';
import { signOnRefusalPage } from '../../api/pages/sign-on-pages.ts';
import { de } from '../../api/pages/words/de.ts';
import { en } from '../../api/pages/words/en.ts';
import { SignOnRefused, signOnRefusals } from '../../api/sign-on/sign-on-refused.ts';
import { failureReasons, failureTypes } from '../../domain/failure.ts';
import { startTestApi, type TestApi } from './test-api.ts';

const CALLBACK = '/api/v1/email/sign-in/callback?state=nobodys';

let api: TestApi;
beforeAll(async () => {
  api = await startTestApi();
});
afterAll(() => api.stop());

const open = (path: string, language?: string) =>
  api.call('GET', path, {
    key: null,
    headers: { accept: 'text/html', ...(language === undefined ? {} : { 'accept-language': language }) },
  });

describe('a page of the API', () => {
  it.each([
    ['de', 'de'],
    ['de-AT,de;q=0.9,en;q=0.8', 'de'],
    ['en;q=0.3, de;q=0.9', 'de'],
    ['fr-CH, fr;q=0.9, de;q=0.5, *;q=0.1', 'de'],
    ['en-GB,en;q=0.9,de;q=0.8', 'en'],
    ['fr', 'en'],
    ['*', 'en'],
    ['de;q=0', 'en'],
    [undefined, 'en'],
    [';;;,,q=', 'en'],
  ])('for a browser that wants %s is in the language %s', async (wanted, language) => {
    const { headers, text } = await open(CALLBACK, wanted);
    expect(text).toContain(`<html lang="${language}">`);
    expect(text).toContain({ de: 'Diese Anmeldung ist nicht bekannt', en: 'This sign-in is not known' }[language]);
    expect(headers).toMatchObject({ 'content-language': language, vary: expect.stringContaining('accept-language') });
  });

  it('says in German why an address cannot be opened', async () => {
    const { status, text } = await open('/nowhere', 'de');
    expect([status, text]).toEqual([404, expect.stringContaining('Die Adresse stimmt nicht, oder')]);
    expect(text).toContain('Referenz: ');
  });

  it('says in German that somebody is signed out', async () => {
    const { headers } = await api.browserOf('Agent', 'jo@contoso.example');
    const answer = await api.call('POST', '/auth/sign-out', {
      key: null,
      headers: { ...headers, accept: 'text/html', 'accept-language': 'de' },
    });
    expect(answer.text).toContain('Sie sind von Mailroom abgemeldet');
  });
});

describe('the words of a sign-in that did not end well', () => {
  const mishaps: readonly SignInMishap[] = [
    ...(['unknown', 'used', 'expired', 'removed'] as const),
    ...failureTypes.map((type) => ({ type })),
    ...failureReasons.map((reason) => ({ type: 'CredentialRejected' as const, reason })),
    ...failureReasons.map((reason) => ({ type: 'Unavailable' as const, reason })),
  ];
  const view = { entered: { address: 'team@contoso.example', signInAs: 'anna@contoso.example' } };

  it.each(mishaps)('are whole, and others in German: %j', (mishap) => {
    const [english, german] = [en, de].map((words) => mishapPage(words, mishap, view));
    for (const page of [english, german]) expect(`${page?.title} ${page?.body.html}`).not.toMatch(/undefined|\[object/);
    expect(german?.title).not.toBe(english?.title);
    expect(german?.body.html).not.toBe(english?.body.html);
  });

  it.each(signOnRefusals)('are whole for a person who does not come in, and others in German: %s', (reason) => {
    const refused = new SignOnRefused(reason, { address: 'jo@contoso.example' });
    const [english, german] = [en, de].map((words) => signOnRefusalPage(words, refused, 'a-reference'));
    for (const page of [english, german]) expect(`${page?.title} ${page?.body.html}`).not.toMatch(/undefined|\[object/);
    expect(german?.title).not.toBe(english?.title);
  });
});
