import createClient from 'openapi-fetch';
import { fetchInTime } from './deadline.ts';
import { ProblemError } from './problem-error.ts';
import type { components, paths } from './schema.ts';
import { shownAnswer } from './shown-answer.ts';
import { markUnattended } from './unattended.ts';

export type Schemas = components['schemas'];

/** The API, with every request and answer typed by its own OpenAPI document. */
export const api = createClient<paths>({ baseUrl: '/', headers: { accept: 'application/json' }, fetch: fetchInTime });
api.use({ onRequest: ({ request }) => markUnattended(request) });

/** The answer's body. Throws ProblemError for every refusal, and when no answer arrived. */
export async function take<Data>(
  call: Promise<{ data?: Data; error?: unknown; response: Response }>,
): Promise<NonNullable<Data>> {
  const { data, error, response } = await call.catch((cause: unknown) => {
    throw cause instanceof ProblemError ? cause : new ProblemError({ status: 0, kind: 'offline' }, { cause });
  });
  if (!response.ok) throw ProblemError.of(response.status, shownAnswer(error));
  return shownAnswer(data) as NonNullable<Data>;
}
