import type { FastifyError } from 'fastify';
import { hasZodFastifySchemaValidationErrors } from 'fastify-type-provider-zod';
import { Problem } from './problem.ts';
import { type ValueProblem, valueProblem, valueReasonOf } from './value-problem.ts';

interface Issue {
  /** zod's code of the issue. */
  readonly keyword: string;
  readonly instancePath: string;
  readonly message?: string;
  readonly params: Readonly<Record<string, unknown>>;
}

type ValidationError = FastifyError & { readonly validation: readonly Issue[]; readonly validationContext?: string };

export function isValidationError(error: unknown): error is ValidationError {
  return hasZodFastifySchemaValidationErrors(error);
}

/** Issues with the form of a request; all others concern well-formed values that cannot be accepted. */
const formIssues = new Set(['invalid_type', 'unrecognized_keys', 'invalid_union', 'invalid_key', 'invalid_element']);

/**
 * A request that does not match its schema. A well-formed body with unacceptable values is a 422, an invalid id in the
 * path a 404, everything else a 400.
 */
export function validationProblem({ validation, validationContext }: ValidationError): Problem {
  if (validationContext === 'params') {
    return new Problem('no-such-id', 'There is nothing with this id. Take the id from the list.');
  }
  const errors = firstOfEachPath(validation.flatMap(valueProblems));
  const malformed = validationContext !== 'body' || validation.some(({ keyword }) => formIssues.has(keyword));
  const where = validationContext === 'querystring' ? 'query' : (validationContext ?? 'request');
  const detail = `${count(errors.length)} in the ${where} ${errors.length === 1 ? 'has' : 'have'} to be corrected: ${errors
    .slice(0, 3)
    .map(({ path, detail }) => (path ? `${path}: ${detail}` : `the body ${detail}`))
    .join('; ')}${errors.length > 3 ? '; …' : '.'}`;
  return new Problem(malformed ? 'request-malformed' : 'values-refused', detail, { errors });
}

function valueProblems({ instancePath, keyword, message, params }: Issue): ValueProblem[] {
  const path = instancePath === '/' ? '' : instancePath;
  if (keyword === 'unrecognized_keys' && Array.isArray(params.keys)) {
    return params.keys.map((key) => valueProblem(`${path}/${escapePointer(String(key))}`, 'unknown-field'));
  }
  const reason = valueReasonOf({ code: keyword, message, ...params });
  const { minimum, maximum } = params;
  const limit = [minimum, maximum].find((each) => typeof each === 'number');
  return [
    { ...valueProblem(path, reason), ...(message && { detail: message }), ...(limit !== undefined && { limit }) },
  ];
}

/** A number that is too large often breaks two rules; the first one is enough. */
function firstOfEachPath(problems: readonly ValueProblem[]): ValueProblem[] {
  return [...new Map(problems.toReversed().map((problem) => [problem.path, problem])).values()].reverse();
}

/** RFC 6901. A name from outside is shortened: it is displayed, not used. */
function escapePointer(key: string): string {
  return key.slice(0, 100).replaceAll('~', '~0').replaceAll('/', '~1');
}

function count(problems: number): string {
  return problems === 1 ? 'One value' : `${problems} values`;
}
