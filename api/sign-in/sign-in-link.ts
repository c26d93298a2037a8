import { createHash } from 'node:crypto';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { getSettings } from '../../database/accounts/settings.ts';
import { findSignInLink, type SignInLink } from '../../database/sign-in/sign-in-links.ts';
import { Failure } from '../../domain/failure.ts';
import { mailboxKind } from '../../domain/mailbox-kind.ts';
import { type ApiDependencies, signInRedirectUri } from '../dependencies.ts';
import type { Cookies } from '../http/cookies.ts';
import { randomTokenForm, tokenHash } from '../http/random-token.ts';
import { bindToBrowser } from './browser-binding.ts';

/** The page that a sign-in link opens. */
export const CONNECT_PATH = '/email/connect';

/** The link to the sign-in to a mailbox, to be opened in a browser or sent to the mailbox's owner. */
export function linkUrl(publicUrl: string, token: string): string {
  return `${publicUrl}${CONNECT_PATH}?link=${token}`;
}

/** What is behind the links of sign-ins. */
export function signInLinks(dependencies: ApiDependencies, cookies: Cookies) {
  const { db, keys, certificate, signIn } = dependencies;

  async function findLink(token: string): Promise<SignInLink> {
    return randomTokenForm.test(token) ? await findSignInLink(db, keys, tokenHash(token)) : { outcome: 'unknown' };
  }

  /**
   * Microsoft's page for an open link, with a state that only this browser can bring back. Uses nothing up. Throws
   * SettingsRejected while the global properties are missing, and InvalidTransition for a link that is not open.
   */
  async function leadToMicrosoft(request: FastifyRequest, reply: FastifyReply, token: string): Promise<string> {
    const link = await findLink(token);
    if (link.outcome !== 'open') throw new Failure('InvalidTransition', 'The sign-in link is not open any more');
    const { address, signInAs, forSending, nonce, codeVerifier } = link.signIn;
    return await signIn.buildSignInUrl({
      settings: await getSettings(db, keys, certificate),
      redirectUri: signInRedirectUri(dependencies),
      signInAs: signInAs ?? address,
      mailbox: mailboxKind(signInAs),
      forSending,
      state: bindToBrowser(cookies, request, reply, token),
      nonce,
      codeChallenge: createHash('sha256').update(codeVerifier).digest('base64url'),
    });
  }

  return { findLink, leadToMicrosoft };
}
