/** What is wrong with one value. */
export interface ValueDetails {
  /** JSON pointer into the body. */
  readonly path: string;
  readonly detail: string;
  readonly reason?: string;
  /** The limit that was exceeded. */
  readonly limit?: number;
}

/**
 * The content of one of the API's problem documents (RFC 9457); `offline` when no answer arrived, `no-answer` when none
 * arrived in time, `broken-off` when a file was not complete.
 */
export interface ProblemDetails {
  /** HTTP status; 0 without an answer. */
  readonly status: number;
  /** The last word of the problem's type, such as `other-version`. */
  readonly kind: string;
  /** The reason's name, such as `queue-in-use`. */
  readonly reason?: string;
  /** In English. */
  readonly detail?: string;
  /** The values in `detail`. */
  readonly facts?: Readonly<Record<string, unknown>>;
  readonly reference?: string;
  /** How long the page waited for an answer. */
  readonly afterSeconds?: number;
  /** True for a command without an answer: it may have been carried out. */
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

  /** Reads a problem document; any other body becomes an `unexpected` one. */
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

/** The problem with a field of a form, by its JSON pointer. */
export function fieldProblem(error: unknown, path: string): ValueDetails | undefined {
  return error instanceof ProblemError ? error.details.errors?.find((entry) => entry.path === path) : undefined;
}

export function isKind(error: unknown, kind: string): boolean {
  return error instanceof ProblemError && error.details.kind === kind;
}
