import type { FastifyInstance, FastifyRequest } from 'fastify';
import type { GraphAnswer } from './graph-context.ts';
import { badRequest } from './graph-error.ts';

const MOST_STEPS = 20;

/** Outlook runs at most four requests of a batch at a time (learn.microsoft.com/graph/throttling-limits). */
const STEPS_AT_ONCE = 4;

interface Step {
  readonly id: string;
  readonly method: string;
  readonly url: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: unknown;
  readonly dependsOn: readonly string[];
}

interface StepAnswer {
  readonly id: string;
  readonly status: number;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: unknown;
}

/**
 * `POST /$batch`: every step is a separate request with the token of the batch, under the same limits. Answers come in
 * the order of completion; a step whose dependency failed answers 424.
 */
export async function answerBatch(
  app: FastifyInstance,
  request: FastifyRequest,
  prefix: string,
  body: unknown,
): Promise<GraphAnswer> {
  if (request.method !== 'POST') throw badRequest('The batch request must be a POST.');
  const steps = readSteps(body);
  const answers: StepAnswer[] = [];
  let waiting = [...steps];
  const failed = new Set<string>();
  while (waiting.length > 0) {
    const done = new Set(answers.map((answer) => answer.id));
    const ready = waiting.filter((step) => step.dependsOn.every((id) => done.has(id))).slice(0, STEPS_AT_ONCE);
    if (ready.length === 0) throw badRequest('The steps of the batch depend on each other in a circle.');
    waiting = waiting.filter((step) => !ready.includes(step));
    await Promise.all(
      ready.map(async (step) => {
        const isBlocked = step.dependsOn.some((id) => failed.has(id));
        const answer = isBlocked ? failedDependency(step) : await runStep(app, request, prefix, step);
        if (answer.status >= 400) failed.add(step.id);
        answers.push(answer);
      }),
    );
  }
  return { status: 200, body: { responses: answers } };
}

async function runStep(app: FastifyInstance, request: FastifyRequest, prefix: string, step: Step): Promise<StepAnswer> {
  const headers = { 'content-type': 'application/json', ...step.headers };
  const answer = await app.inject({
    method: step.method as 'GET',
    url: `${prefix}${step.url}`,
    headers: { ...headers, host: request.host, authorization: request.headers.authorization ?? '' },
    ...(step.body === undefined ? {} : { payload: JSON.stringify(step.body) }),
  });
  const type = String(answer.headers['content-type'] ?? '');
  const kept = ['content-type', 'location', 'retry-after', 'preference-applied', 'www-authenticate'].flatMap((name) => {
    const value = answer.headers[name];
    return value === undefined ? [] : [[name, String(value)] as const];
  });
  const common = { id: step.id, status: answer.statusCode, headers: Object.fromEntries(kept) };
  if (answer.rawPayload.length === 0) return common;
  const isJson = type.startsWith('application/json');
  return { ...common, body: isJson ? answer.json() : answer.rawPayload.toString('base64') };
}

function failedDependency(step: Step): StepAnswer {
  const message = 'One or more dependencies of this request failed.';
  return { id: step.id, status: 424, body: { error: { code: 'FailedDependency', message } } };
}

function readSteps(body: unknown): Step[] {
  const requests = typeof body === 'object' && body !== null && 'requests' in body ? body.requests : undefined;
  if (!Array.isArray(requests)) throw badRequest('Invalid batch payload format.');
  if (requests.length > MOST_STEPS) {
    throw badRequest(`Number of batch request steps exceeds the maximum value of ${MOST_STEPS}.`);
  }
  const steps = requests.map(readStep);
  const ids = new Set(steps.map((step) => step.id));
  if (ids.size !== steps.length) throw badRequest('The ids of the steps of a batch must differ.');
  if (steps.some((step) => step.dependsOn.some((id) => !ids.has(id)))) throw badRequest('Invalid dependsOn.');
  return steps;
}

function readStep(step: unknown): Step {
  const { id, method, url, headers, body, dependsOn } = (step ?? {}) as Record<string, unknown>;
  if (typeof id !== 'string' || typeof method !== 'string' || typeof url !== 'string') {
    throw badRequest('Invalid batch payload format.');
  }
  const isNested = /^\/?(v1\.0\/)?\$batch/i.test(url);
  if (isNested || !/^(GET|POST|PATCH|DELETE|PUT)$/.test(method)) throw badRequest('Invalid batch payload format.');
  return {
    id,
    method,
    url: url.startsWith('/') ? url : `/${url}`,
    headers: (headers ?? {}) as Record<string, string>,
    body,
    dependsOn: Array.isArray(dependsOn) ? dependsOn.map(String) : [],
  };
}
