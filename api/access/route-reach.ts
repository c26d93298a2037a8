/**
 * What a route shows or changes, for who sees only part of the mail.
 *
 * - `queue`, `item`, `answer`: what the `:id` of its address names; out of reach, it does not exist.
 * - `account`: an account, for keys of some accounts. `account-mail`: which also shows mail of it.
 * - `all-mail`: mail of every queue, without naming an object.
 * - `filtered`: its handler leaves out what is out of reach.
 * - `set-up`: shows no mail; whether a person gets it is decided by permissions alone. Not for keys of some queues or
 *   accounts.
 */
export type RouteReach = 'queue' | 'item' | 'answer' | 'account' | 'account-mail' | 'all-mail' | 'filtered' | 'set-up';

const routes: readonly (readonly [pattern: RegExp, reach: RouteReach])[] = [
  [
    /^\/(me|me\/signature|me\/sessions|me\/sessions\/:id|queues|search|board|board\.csv|changes|answers|colleagues)$/,
    'filtered',
  ],
  [/^\/(me\/availability|me\/availability\/reports|offers\/:id\/(accept|decline))$/, 'filtered'],
  [/^\/(canned-answers|items\/(mine|held|bulk))$/, 'filtered'],
  [/^\/queues\/:id(\/(claim|items|acknowledgements))?$/, 'queue'],
  [
    /^\/items\/:id(\/(html|claim|complete|release|park|unpark|undo|reopen|separate|move|tags|notes|presence|drafts|answers|special|web-link|images|image-sender|message\.eml|attachments\.zip))?$/,
    'item',
  ],
  [/^\/items\/:id\/attachments\/:attachmentId(\/content)?$/, 'item'],
  [/^\/conversations\/:id$/, 'item'],
  [/^\/drafts\/:id(\/(send|take-over|attachments|attachments\/:attachmentId))?$/, 'answer'],
  [/^\/answers\/:id(\/(undo|retry|discard|mark-sent))?$/, 'answer'],
  [/^\/email\/accounts\/:id(\/(signature|sending|sign-in|missed|events|drains|routing|routing\/try))?$/, 'account'],
  [/^\/email\/accounts\/:id\/(messages|unqueued|unqueued\/route|routing\/rehearse)$/, 'account-mail'],
  [/^\/email\/accounts\/:id\/(completeness|quarantine|quarantine\/:messageId\/retry)$/, 'account-mail'],
  [/^\/email\/accounts(\/(remove|connect))?$/, 'set-up'],
  [/^\/email\/accounts\/:id\/access$/, 'account'],
  [/^\/mail-exports$/, 'all-mail'],
  [/^\/(retention|retention\/counts|erasures|erasures\/:id|holds|holds\/:id\/lift)$/, 'set-up'],
  [
    /^\/email\/settings(\/(check|sending|allowed-addresses|certificates|certificates\/:id|application-access|application-access\/check))?$/,
    'set-up',
  ],
  [/^\/audit(\.csv|\.jsonl)?$/, 'set-up'],
  [
    /^\/(users|users\/:id|users\/:id\/sessions|session-limits|sign-on-settings|teams|teams\/:id|provisioning|provisioning\/keys|provisioning\/groups\/:id|api-keys|api-keys\/:id|canned-answers\/:id|health)$/,
    'set-up',
  ],
];

/** The routes without an object that only read, for keys of some queues or accounts. */
const changesNothing: readonly string[] = ['GET', 'HEAD'];
const writesOfKeys = /^\/(items\/bulk|me\/signature)$/;

/** Undefined: the route was not weighed, and is refused to who sees only part of the mail. */
export function reachOfRoute(url: string): RouteReach | undefined {
  const path = url.replace(/^\/api\/v1/, '');
  if (url.startsWith('/scim/v2/')) return 'set-up';
  // The form of a result page, and signing out.
  if (/^\/(email\/accounts\/:id\/sign-in|auth\/sign-out|temporal\/codec\/.*)$/.test(url)) return 'set-up';
  return routes.find(([pattern]) => pattern.test(path))?.[1];
}

/** True for a route whose permission is not of mail, but that shows some. */
export function showsMailItself(url: string): boolean {
  return ['account-mail', 'all-mail'].includes(reachOfRoute(url) ?? '');
}

/** True for a route without an object that a key of some queues or accounts gets. */
export function isForLimitedKeys(url: string, method: string): boolean {
  return changesNothing.includes(method) || writesOfKeys.test(url.replace(/^\/api\/v1/, ''));
}
