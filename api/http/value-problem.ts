/**
 * What can be wrong with one value, as a closed list, in words that continue the name of the field. Where the words
 * depend on a limit of the value, zod's issue has them (`words/value-words.ts`). Never rename one: pages translate by
 * them.
 */
export const valueReasons = {
  missing: 'is missing',
  'wrong-type': 'has the wrong type',
  'not-among': 'is not one of the allowed values',
  empty: 'must not be empty',
  'too-short': 'is too short',
  'too-long': 'is too long',
  'too-small': 'is too small',
  'too-large': 'is too large',
  'unknown-field': 'unknown field',
  'no-id': 'must be an id that Mailroom returned',
  'no-email-address': 'is not an e-mail address',
  'control-characters': 'must not contain control characters',
  'not-well-formed': 'must be well-formed Unicode',
  'no-tenant-id': 'must be the directory (tenant) ID of your own tenant, or one of its domains',
  'no-client-id': 'must be the application (client) ID, a GUID',
  'changes-nothing': 'must change something: enabled or restsWhenQuiet',
  'needs-enabled': 'belongs to enabled: true',
  'subject-or-message': 'needs either a subject or a messageId',
  'no-queue': 'does not name a queue',
  'no-time-zone': 'is not the name of a time zone, such as Europe/Berlin',
  'no-address-or-domain': 'is neither an e-mail address nor a domain',
  'no-certificate': 'does not name a certificate of this installation',
  'secret-or-certificate': 'is given together with a client secret; give one of them',
  'no-cursor': 'must be a cursor that Mailroom returned',
  'given-twice': 'is given more than once',
  'no-network': 'is neither an address nor a network such as 192.0.2.0/24',
  'not-of-profile': 'has a permission that the security profile does not have',
  'no-message': 'does not name a message of this account',
  'cannot-sign-in': 'cannot sign in here',
  taken: 'is already taken',
  'longer-than-items': 'must not be kept longer than its items',
  'idle-beyond-absolute': 'must not be longer than a session lasts at most',
  'not-acceptable': 'not acceptable',
} as const;
export type ValueReason = keyof typeof valueReasons;

/** What is wrong with one value of a request. */
export interface ValueProblem {
  /** JSON pointer into the body, or the name of a parameter. */
  readonly path: string;
  readonly detail: string;
  readonly reason: ValueReason;
  /** The limit that the value exceeds: characters, entries, or a number. */
  readonly limit?: number;
}

export function valueProblem(path: string, reason: ValueReason): ValueProblem {
  return { path, reason, detail: valueReasons[reason] };
}

/** For refinements of a schema: the words, and the name that goes with them. */
export function refusedAs(reason: ValueReason) {
  return { error: valueReasons[reason], params: { reason } };
}

/** The parts of zod's issues that say what is wrong; `params` are those of `refusedAs`. */
export interface ValueIssue {
  readonly code: string;
  readonly message?: string | undefined;
  readonly input?: unknown;
  readonly format?: unknown;
  readonly origin?: unknown;
  readonly minimum?: unknown;
  readonly maximum?: unknown;
  readonly params?: unknown;
}

/** The reason for an issue of zod. `message` is that of `words/value-words.ts`. */
export function valueReasonOf({ code, message, format, origin, minimum, params }: ValueIssue): ValueReason {
  const isNumber = origin !== 'string' && origin !== 'array';
  switch (code) {
    case 'invalid_type':
      return message === valueReasons.missing ? 'missing' : 'wrong-type';
    case 'invalid_value':
      return 'not-among';
    case 'too_small':
      if (isNumber) return 'too-small';
      return minimum === 1 ? 'empty' : 'too-short';
    case 'too_big':
      return isNumber ? 'too-large' : 'too-long';
    case 'invalid_format':
      if (format === 'uuid') return 'no-id';
      return format === 'email' ? 'no-email-address' : 'not-acceptable';
    case 'custom':
      return isRefusal(params) ? params.reason : 'not-acceptable';
    default:
      return 'not-acceptable';
  }
}

function isRefusal(params: unknown): params is { readonly reason: ValueReason } {
  if (typeof params !== 'object' || params === null || !('reason' in params)) return false;
  return typeof params.reason === 'string' && Object.hasOwn(valueReasons, params.reason);
}
