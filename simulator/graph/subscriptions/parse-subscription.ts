import { GraphError } from '../graph-error.ts';
import type { Limits } from '../limits.ts';
import { parseFilter } from '../parse-filter.ts';
import { parsePath } from '../parse-path.ts';
import { parseQuery } from '../parse-query.ts';
import { checkIsObject } from '../routes/find-in-call.ts';
import { CHANGE_TYPES } from './subscription.ts';
import { invalidRequest } from './subscription-error.ts';

/** Schema of learn.microsoft.com/graph/api/resources/subscription. */
const LONGEST_CLIENT_STATE = 128;
const MINUTE_MS = 60_000;

export interface ParsedResource {
  /** Undefined for `me`. */
  readonly userKey: string | undefined;
  /** Null: the whole mailbox. */
  readonly folderKey: string | null;
  readonly filter: string | null;
  /** The rest after the path, including the question mark. */
  readonly query: string;
}

export interface ParsedSubscription {
  readonly changeType: string;
  readonly notificationUrl: string;
  readonly lifecycleNotificationUrl: string | null;
  readonly resource: ParsedResource;
  readonly expiresAt: number;
  readonly clientState: string | null;
  readonly latestSupportedTlsVersion: string;
}

/** Parses the body of `POST /subscriptions`. Throws 400 for the first problem. */
export function parseSubscription(body: unknown, limits: Limits, now: number): ParsedSubscription {
  const given = checkIsObject(body);
  if (given.includeResourceData === true) {
    throw invalidRequest('The simulator sends no resource data; leave includeResourceData out.');
  }
  const { clientState = null, lifecycleNotificationUrl = null, latestSupportedTlsVersion = 'v1_2' } = given;
  if (clientState !== null && (typeof clientState !== 'string' || clientState.length > LONGEST_CLIENT_STATE)) {
    throw invalidRequest(`The clientState may have ${LONGEST_CLIENT_STATE} characters at most.`);
  }
  return {
    changeType: parseChangeType(given.changeType),
    notificationUrl: parseNotificationUrl('NotificationUrl', given.notificationUrl),
    lifecycleNotificationUrl:
      lifecycleNotificationUrl === null
        ? null
        : parseNotificationUrl('LifecycleNotificationUrl', lifecycleNotificationUrl),
    resource: parseResource(given.resource),
    expiresAt: parseExpiration(given.expirationDateTime, limits, now, 'ExtensionError'),
    clientState,
    latestSupportedTlsVersion: String(latestSupportedTlsVersion),
  };
}

function parseChangeType(given: unknown): string {
  const types = typeof given === 'string' ? given.split(',').map((type) => type.trim().toLowerCase()) : [];
  const known: readonly string[] = CHANGE_TYPES;
  if (types.length === 0 || !types.every((type) => known.includes(type))) {
    throw invalidRequest('The changeType must name some of created, updated and deleted.');
  }
  return [...new Set(types)].join(',');
}

/**
 * Graph accepts only https (microsoftgraph/microsoft-graph-docs#2751). Hosts that cannot be reached from outside may
 * use http: this machine, and the other containers of a composition.
 */
export function parseNotificationUrl(name: string, given: unknown): string {
  if (typeof given !== 'string' || !URL.canParse(given)) throw invalidRequest(`${name} must be an absolute URL.`);
  const { protocol, hostname } = new URL(given);
  const isInside = !hostname.includes('.') || /^127\.|\.(localhost|internal)$/.test(hostname);
  if (protocol === 'https:' || (protocol === 'http:' && isInside)) return given;
  throw invalidRequest(`${name} scheme='${protocol.slice(0, -1)}' is not supported.`);
}

/**
 * Milliseconds since 1970. A life that is too short is extended silently. One that is too long is refused with the
 * longest life in the text; the code of that refusal differs between creation
 * (microsoftgraph/microsoft-graph-docs#2988) and renewal (Nine-Minds/alga-psa#3092).
 */
export function parseExpiration(
  given: unknown,
  { subscriptionLeastMinutes, subscriptionMostMinutes }: Limits,
  now: number,
  code: 'ExtensionError' | 'ErrorInvalidParameter',
): number {
  const wanted = typeof given === 'string' ? Date.parse(given) : Number.NaN;
  if (Number.isNaN(wanted)) throw invalidRequest('The expirationDateTime must be a date and time in ISO 8601.');
  if (wanted <= now) throw invalidRequest('The expirationDateTime must be in the future.');
  if (wanted > now + subscriptionMostMinutes * MINUTE_MS) {
    const message = `Subscription expiration can only be ${subscriptionMostMinutes} minutes in the future.`;
    throw new GraphError(400, code, message);
  }
  return Math.max(wanted, now + subscriptionLeastMinutes * MINUTE_MS);
}

const RESOURCES = /^(?:me|users\/\{id\})(?:\/mailFolders\/\{id\})?\/messages$/;

function parseResource(given: unknown): ParsedResource {
  if (typeof given !== 'string') throw invalidRequest('The resource must name messages.');
  const question = given.indexOf('?');
  const { pattern, keys, userKey } = parsePath(question < 0 ? given : given.slice(0, question));
  if (!RESOURCES.test(pattern)) throw invalidRequest(`The simulator sends no notifications about '${given}'.`);
  const query = question < 0 ? '' : given.slice(question);
  const { filter } = parseQuery(query.slice(1));
  // Fails here rather than at the first change.
  if (filter !== null) parseFilter(filter);
  return { userKey, folderKey: keys[0] ?? null, filter, query };
}
