import { createHash, randomUUID } from 'node:crypto';
import formbody from '@fastify/formbody';
import type { FastifyReply, FastifyRequest } from 'fastify';
import type { FastifyPluginAsyncZod } from 'fastify-type-provider-zod';
import { z } from 'zod';
import { acceptCommand } from '../../database/accounts/account-commands.ts';
import { pauseAccount } from '../../database/accounts/account-toggle.ts';
import { getSettings } from '../../database/accounts/settings.ts';
import { deleteTokensForOwner, listOwnedMailboxes, OWNER } from '../../database/sign-in/owned-mailboxes.ts';
import { isFailure } from '../../domain/failure.ts';
import type { AttemptLimits } from '../access/attempt-limits.ts';
import { type ApiDependencies, signInRedirectUri } from '../dependencies.ts';
import type { Cookies } from '../http/cookies.ts';
import { refuseCrossSite } from '../http/cross-site.ts';
import { randomToken } from '../http/random-token.ts';
import { Id } from '../http/values.ts';
import { OWNER_PATH, ownedMailboxesPage, ownerStartPage } from '../pages/owner-pages.ts';
import { sendPage } from '../pages/page.ts';
import { mishapPage, mishapStatus, type SignInMishap, toMicrosoftPage } from '../pages/sign-in-result-page.ts';
import { keepProof, OWNER_STATE, readProof } from './owner-proof.ts';

interface OwnerOptions {
  readonly cookies: Cookies;
  readonly limits: AttemptLimits;
}

/** Ends the way back from Microsoft of a person who proves whose mailbox it is. */
export function createOwnerReturn(
  { db, keys, certificate, signIn, config }: ApiDependencies,
  { cookies, limits }: OwnerOptions,
) {
  const redirectUri = signInRedirectUri({ config });
  return async (request: FastifyRequest, reply: FastifyReply, query: Readonly<Record<string, unknown>>) => {
    const refuse = async (mishap: SignInMishap) => {
      await limits.count('failed-way-back', request);
      return sendPage(request, reply, mishapStatus(mishap), (words) => mishapPage(words, mishap, {}));
    };
    const proof = readProof(cookies, keys, request);
    if (proof?.kind !== 'asked' || proof.state !== query.state) return await refuse('other-browser');
    if (typeof query.code !== 'string' || query.error !== undefined) return await refuse('unknown');
    const { nonce, codeVerifier } = proof;
    try {
      const settings = await getSettings(db, keys, certificate);
      const person = await signIn.identify({ settings, redirectUri, nonce, codeVerifier, code: query.code });
      const { tenantId, objectId, addresses } = person;
      keepProof(cookies, keys, reply, { kind: 'proved', tenantId, objectId, addresses: [...addresses] });
    } catch (error) {
      if (!isFailure(error)) throw error;
      return await refuse(error);
    }
    await limits.forgive('sign-in', request);
    return await reply.redirect(OWNER_PATH, 303);
  };
}

/**
 * For people whose mailbox Mailroom reads, with or without an account of Mailroom: what is read, since when, by whom it
 * was connected, whose people see it, and a button that ends it. Nothing is said before they have signed in at Microsoft,
 * in this browser.
 */
export function ownerRoutes(dependencies: ApiDependencies, { cookies, limits }: OwnerOptions): FastifyPluginAsyncZod {
  const { db, keys, certificate, mailboxes, signIn, config } = dependencies;
  const { publicUrl } = config.api;
  const route = { config: { permission: 'public', isPage: true }, schema: { hide: true } } as const;
  const fromItsPage = (request: FastifyRequest) =>
    refuseCrossSite(request, publicUrl, 'This is done only by the buttons of its own page. Open the page again.');

  /** Stops the account by its row where its workflow cannot be asked. */
  async function pause(account: { readonly id: string; readonly address: string }): Promise<void> {
    const id = randomUUID();
    const { number, attempts } = await acceptCommand(db, { id, accountId: account.id, name: 'pause' });
    try {
      await mailboxes.pause(account, { actor: OWNER, id, number }, { attempt: attempts });
    } catch (error) {
      if (!isFailure(error)) throw error;
      await pauseAccount(db, account.id, OWNER, { id, number });
    }
  }

  return async (app) => {
    await app.register(formbody);

    app.get(OWNER_PATH, route, async (request, reply) => {
      const proof = readProof(cookies, keys, request);
      if (proof?.kind !== 'proved') return sendPage(request, reply, 200, ownerStartPage);
      const mailboxesOfOwner = await listOwnedMailboxes(db, proof);
      return sendPage(request, reply, 200, (words) => ownedMailboxesPage(words, mailboxesOfOwner));
    });

    app.post(OWNER_PATH, route, async (request, reply) => {
      fromItsPage(request);
      await limits.count('sign-in', request);
      const [nonce, codeVerifier, state] = [randomToken(), randomToken(), `${OWNER_STATE}${randomToken()}`];
      try {
        const url = await signIn.buildIdentificationUrl({
          settings: await getSettings(db, keys, certificate),
          redirectUri: signInRedirectUri(dependencies),
          state,
          nonce,
          codeChallenge: createHash('sha256').update(codeVerifier).digest('base64url'),
        });
        keepProof(cookies, keys, reply, { kind: 'asked', state, nonce, codeVerifier });
        return sendPage(request, reply, 200, (words) => toMicrosoftPage(words, url));
      } catch (error) {
        if (!isFailure(error)) throw error;
        return sendPage(request, reply, mishapStatus(error), (words) => mishapPage(words, error, {}));
      }
    });

    app.post(
      `${OWNER_PATH}/end`,
      { ...route, schema: { ...route.schema, body: z.looseObject({ account: Id }) } },
      async (request, reply) => {
        fromItsPage(request);
        const proof = readProof(cookies, keys, request);
        const owned = proof?.kind === 'proved' ? await listOwnedMailboxes(db, proof) : [];
        const account = owned.find(({ id }) => id === request.body.account.toLowerCase());
        if (account) {
          await deleteTokensForOwner(db, account.id);
          if (account.enabled) await pause(account);
        }
        return await reply.redirect(OWNER_PATH, 303);
      },
    );
  };
}
