/** What a problem document (RFC 9457) of the API says; `offline` when the API did not answer at all. */
export interface ProblemFacts {
  /** HTTP status; 0 without an answer. */
  readonly status: number;
  /** The last word of the problem's type, such as `other-version`. */
  readonly kind: string;
  readonly detail?: string;
  readonly reference?: string;
  readonly errors?: readonly { readonly path: string; readonly detail: string }[];
}

/** A refusal of the API. */
export class ProblemError extends Error {
  override readonly name = 'ProblemError';
  readonly facts: ProblemFacts;

  constructor(facts: ProblemFacts, options?: ErrorOptions) {
    super(facts.detail ?? facts.kind, options);
    this.facts = facts;
  }

  /** Reads a problem document; a body that is none becomes an `unexpected` one. */
  static of(status: number, body: unknown): ProblemError {
    if (typeof body !== 'object' || body === null || !('type' in body) || typeof body.type !== 'string') {
      return new ProblemError({ status, kind: status >= 500 ? 'unavailable' : 'unexpected' });
    }
    const { type, detail, instance, errors } = body as {
      type: string;
      detail?: string;
      instance?: string;
      errors?: ProblemFacts['errors'];
    };
    return new ProblemError({
      status,
      kind: type.split(':').at(-1) ?? type,
      ...(detail === undefined ? {} : { detail }),
      ...(instance === undefined ? {} : { reference: instance.replace('urn:uuid:', '') }),
      ...(errors === undefined ? {} : { errors }),
    });
  }
}

/** What was wrong with a field of a form, by its JSON pointer. */
export function fieldError(error: unknown, path: string): string | undefined {
  return error instanceof ProblemError ? error.facts.errors?.find((entry) => entry.path === path)?.detail : undefined;
}

export function isKind(error: unknown, kind: string): boolean {
  return error instanceof ProblemError && error.facts.kind === kind;
}
