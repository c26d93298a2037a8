import { shownText } from '../../domain/words/shown-text.ts';
import { type ProblemKind, problemKinds } from './problem-kinds.ts';
import { type ProblemReason, problemReasons } from './problem-reasons.ts';
import type { ValueProblem } from './value-problem.ts';

/** Values in the words of a refusal, for clients with words of their own: texts, numbers and lists of texts. */
export type ProblemFacts = Readonly<Record<string, string | number | string[]>>;

interface ProblemOptions {
  readonly errors?: readonly ValueProblem[] | undefined;
  readonly facts?: ProblemFacts | undefined;
  readonly headers?: Readonly<Record<string, string>>;
  readonly cause?: unknown;
}

/** A refusal: what is wrong and what to do. The error handler turns it into a problem document. */
export class Problem extends Error {
  override readonly name = 'Problem';
  readonly kind: ProblemKind;
  readonly reason: ProblemReason;
  readonly errors: readonly ValueProblem[] | undefined;
  readonly facts: ProblemFacts | undefined;
  readonly headers: Readonly<Record<string, string>>;

  constructor(reason: keyof typeof problemReasons, detail: string, options?: ProblemOptions);
  /** The reason of a failure does not determine the kind. */
  constructor(reason: ProblemReason, detail: string, options: ProblemOptions & { readonly kind: ProblemKind });
  constructor(
    reason: ProblemReason,
    detail: string,
    { kind, errors, facts, headers = {}, cause }: ProblemOptions & { readonly kind?: ProblemKind } = {},
  ) {
    super(detail, cause === undefined ? undefined : { cause });
    this.kind = kind ?? problemReasons[reason as keyof typeof problemReasons];
    this.reason = reason;
    this.errors = errors;
    this.facts = facts;
    this.headers = headers;
  }

  get status(): number {
    return problemKinds[this.kind].status;
  }
}

/** RFC 9457, extended by `reason`, `facts` and `errors`. */
export interface ProblemDocument {
  readonly type: string;
  readonly title: string;
  readonly status: number;
  readonly detail: string;
  readonly instance: string;
  readonly reason: ProblemReason;
  readonly facts?: ProblemFacts;
  readonly errors?: readonly ValueProblem[];
}

/** The media type of problem documents. */
export const PROBLEM_MEDIA_TYPE = 'application/problem+json';

/** `reference`: the request's id in the log. */
export function problemDocument(problem: Problem, reference: string): ProblemDocument {
  const { kind, reason, message, facts, errors } = problem;
  const { status, title } = problemKinds[kind];
  return {
    type: `urn:mailroom:problem:${kind}`,
    title,
    status,
    detail: shownText(message),
    instance: `urn:uuid:${reference}`,
    reason,
    ...(facts && { facts }),
    ...(errors && { errors }),
  };
}
