/** Every kind of refusal that the API knows, with its HTTP status and a title that never changes. */
export const problemKinds = {
  'malformed-request': { status: 400, title: 'The request is malformed' },
  'not-authenticated': { status: 401, title: 'Not signed in' },
  'not-permitted': { status: 403, title: 'Not permitted' },
  'cross-site': { status: 403, title: 'The request came from another site' },
  'not-found': { status: 404, title: 'Not found' },
  'method-not-allowed': { status: 405, title: 'Method not allowed' },
  'request-timeout': { status: 408, title: 'The request took too long' },
  conflict: { status: 409, title: 'In conflict with what exists' },
  'other-version': { status: 409, title: 'Changed by somebody else meanwhile' },
  'already-connected': { status: 409, title: 'The mailbox is connected already' },
  'in-use': { status: 409, title: 'Still in use' },
  'invalid-transition': { status: 409, title: 'The state forbids this' },
  'not-claimed': { status: 409, title: 'The item is not claimed by you' },
  'last-administrator': { status: 409, title: 'The last administrator' },
  'settings-missing': { status: 409, title: 'The global properties are missing' },
  'sign-in-needed': { status: 409, title: 'A sign-in is needed' },
  gone: { status: 410, title: 'Gone' },
  'body-too-large': { status: 413, title: 'The body is too large' },
  'unsupported-media-type': { status: 415, title: 'The content type is not supported' },
  'unacceptable-values': { status: 422, title: 'The values cannot be accepted' },
  'settings-rejected': { status: 422, title: 'Microsoft refuses the global properties' },
  'message-rejected': { status: 422, title: 'The message cannot be captured' },
  'too-many-requests': { status: 429, title: 'Too many requests' },
  'headers-too-large': { status: 431, title: 'The headers are too large' },
  unexpected: { status: 500, title: 'Unexpected' },
  unavailable: { status: 503, title: 'Not available at the moment' },
} as const satisfies Record<string, { readonly status: number; readonly title: string }>;
export type ProblemKind = keyof typeof problemKinds;

/** What is wrong with one value of a request. */
export interface ValueProblem {
  /** JSON pointer into the body, or the name of a parameter. */
  readonly path: string;
  readonly detail: string;
}

/** A refusal in words: what is the matter and what to do. The error handler makes a problem document of it. */
export class Problem extends Error {
  override readonly name = 'Problem';
  readonly kind: ProblemKind;
  readonly errors: readonly ValueProblem[] | undefined;
  readonly headers: Readonly<Record<string, string>>;

  constructor(
    kind: ProblemKind,
    detail: string,
    options: {
      readonly errors?: readonly ValueProblem[] | undefined;
      readonly headers?: Readonly<Record<string, string>>;
      readonly cause?: unknown;
    } = {},
  ) {
    super(detail, options.cause === undefined ? undefined : { cause: options.cause });
    this.kind = kind;
    this.errors = options.errors;
    this.headers = options.headers ?? {};
  }

  get status(): number {
    return problemKinds[this.kind].status;
  }
}

/** RFC 9457. */
export interface ProblemDocument {
  readonly type: string;
  readonly title: string;
  readonly status: number;
  readonly detail: string;
  readonly instance: string;
  readonly errors?: readonly ValueProblem[];
}

/** The media type of problem documents. */
export const PROBLEM_MEDIA_TYPE = 'application/problem+json';

/** `reference` is the id under which the request is in the log. */
export function problemDocument(problem: Problem, reference: string): ProblemDocument {
  const { status, title } = problemKinds[problem.kind];
  return {
    type: `urn:mailroom:problem:${problem.kind}`,
    title,
    status,
    detail: problem.message,
    instance: `urn:uuid:${reference}`,
    ...(problem.errors && { errors: problem.errors }),
  };
}
