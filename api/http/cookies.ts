import type { CookieSerializeOptions } from '@fastify/cookie';
import type { FastifyReply, FastifyRequest } from 'fastify';

type CookieName = 'session' | 'signIn' | 'connect' | 'owner';

export interface Cookies {
  read(request: FastifyRequest, name: CookieName): string | undefined;
  write(reply: FastifyReply, name: CookieName, value: string, maxAgeSeconds: number): void;
  clear(reply: FastifyReply, name: CookieName): void;
}

/**
 * Our cookies: `session`; `signIn`, which binds a sign-in to Mailroom to its browser; `connect`, which does so for
 * sign-ins to mailboxes; and `owner`, whose mailboxes may be seen and ended in this browser. Over https their names have the prefix `__Host-`, with which browsers refuse cookies set by
 * another host or over plain http; on plain http (localhost) browsers would refuse the prefix itself.
 *
 * Lax and not Strict: the provider redirects the browser back to us, and a user who follows a link from a mail stays
 * signed in.
 */
export function createCookies(publicUrl: string): Cookies {
  const secure = publicUrl.startsWith('https:');
  const prefix = secure ? '__Host-' : '';
  const names: Record<CookieName, string> = {
    session: `${prefix}mailroom`,
    signIn: `${prefix}mailroom-sign-in`,
    connect: `${prefix}mailroom-connect`,
    owner: `${prefix}mailroom-owner`,
  };
  const options: CookieSerializeOptions = { path: '/', httpOnly: true, sameSite: 'lax', secure };
  return {
    read: (request, name) => request.cookies[names[name]],
    write: (reply, name, value, maxAge) => void reply.setCookie(names[name], value, { ...options, maxAge }),
    clear: (reply, name) => void reply.clearCookie(names[name], options),
  };
}
