/** What is wrong with one value. */
export interface ValueDetails {
  /** JSON pointer into the body. */
  readonly path: string;
  readonly detail: string;
  readonly reason?: string;
  /** The limit that was not kept. */
  readonly limit?: number;
}

/** What a problem document (RFC 9457) of the API says; `offline` when no answer came, `no-answer` when none came in time. */
export interface ProblemDetails {
  /** HTTP status; 0 without an answer. */
  readonly status: number;
  /** The last word of the problem's type, such as `other-version`. */
  readonly kind: string;
  /** Why, as a name, such as `queue-in-use`. */
  readonly reason?: string;
  /** In English. */
  readonly detail?: string;
  /** What `detail` names. */
  readonly facts?: Readonly<Record<string, unknown>>;
  readonly reference?: string;
  /** How long an answer was awaited in vain. */
  readonly afterSeconds?: number;
  /** True for a command of which no answer came: it may have been done. */
  readonly isOutcomeUnknown?: boolean;
  readonly errors?: readonly ValueDetails[];
}

type Document = Omit<ProblemDetails, 'status' | 'kind' | 'reference'> & {
  readonly type: string;
  readonly instance?: string;
};

/** A refusal of the API. */
export class ProblemError extends Error {
  override readonly name = 'ProblemError';
  readonly details: ProblemDetails;

  constructor(details: ProblemDetails, options?: ErrorOptions) {
    super(details.detail ?? details.kind, options);
    this.details = details;
  }

  /** Reads a problem document; a body that is none becomes an `unexpected` one. */
  static of(status: number, body: unknown): ProblemError {
    if (!isDocument(body)) return new ProblemError({ status, kind: status >= 500 ? 'unavailable' : 'unexpected' });
    const { type, instance, detail, reason, facts, errors } = body;
    return new ProblemError({
      status,
      kind: type.split(':').at(-1) ?? type,
      ...(detail === undefined ? {} : { detail }),
      ...(reason === undefined ? {} : { reason }),
      ...(facts === undefined ? {} : { facts }),
      ...(instance === undefined ? {} : { reference: instance.replace('urn:uuid:', '') }),
      ...(errors === undefined ? {} : { errors }),
    });
  }
}

function isDocument(body: unknown): body is Document {
  return typeof body === 'object' && body !== null && 'type' in body && typeof body.type === 'string';
}

/** What was wrong with a field of a form, by its JSON pointer. */
export function fieldProblem(error: unknown, path: string): ValueDetails | undefined {
  return error instanceof ProblemError ? error.details.errors?.find((entry) => entry.path === path) : undefined;
}

export function isKind(error: unknown, kind: string): boolean {
  return error instanceof ProblemError && error.details.kind === kind;
}
