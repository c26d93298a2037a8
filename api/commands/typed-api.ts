import createClient, { type Middleware } from 'openapi-fetch';
import type { components, paths } from '../../web/api/schema.ts';
import { CommandProblem, exitCodes } from './command-problem.ts';

/** Where Mailroom's API is, without its path, and who asks. */
export interface ApiAccess {
  readonly url: string;
  readonly key: string;
}

export type Schemas = components['schemas'];

/** Longer than any of our answers takes. */
const ANSWER_WITHIN_MS = 40_000;
const READS = new Set(['GET', 'HEAD']);

/**
 * The API for commands, typed by its own OpenAPI document. A request without an answer is repeated once if it `names`
 * itself, so that it is not carried out twice.
 */
export function openTypedApi({ url, key }: ApiAccess) {
  const client = createClient<paths>({
    baseUrl: url.replace(/\/+$/, ''),
    headers: { accept: 'application/json', authorization: `Bearer ${key}` },
    // A redirect would carry the key elsewhere.
    fetch: (request) => fetch(request, { redirect: 'manual', signal: AbortSignal.timeout(ANSWER_WITHIN_MS) }),
  });
  const reportSilence: Middleware = {
    onError({ request }) {
      const unclear = READS.has(request.method)
        ? ''
        : ' It is not known whether this was carried out: look at the item before you repeat it.';
      return new CommandProblem(`Mailroom does not answer at ${new URL(url).origin}.${unclear}`, exitCodes.unclear);
    },
  };
  client.use(reportSilence);
  return client;
}

export type TypedApi = ReturnType<typeof openTypedApi>;

/** The answer's body; undefined for an answer without one. Throws CommandProblem with the words of a refusal. */
export async function take<Data>(
  call: Promise<{ data?: Data; error?: unknown; response: Response }>,
): Promise<Data | undefined> {
  const { data, error, response } = await call.catch((failure: unknown) => {
    if (failure instanceof SyntaxError) throw new CommandProblem(NOT_MAILROOM);
    throw failure;
  });
  if (!response.ok) throw new CommandProblem(refusalWords(response.status, error));
  if (response.status !== 204 && (typeof data !== 'object' || data === null)) throw new CommandProblem(NOT_MAILROOM);
  return data;
}

/** As `take`, for answers that always have a body. */
export async function takeBody<Data>(
  call: Promise<{ data?: Data; error?: unknown; response: Response }>,
): Promise<NonNullable<Data>> {
  const data = await take(call);
  if (data === undefined || data === null) throw new CommandProblem(NOT_MAILROOM);
  return data;
}

/** Repeats a call once when no answer arrived: only for one that the API recognises when it comes again. */
export async function repeated<Answer>(call: () => Promise<Answer>): Promise<Answer> {
  try {
    return await call();
  } catch (problem) {
    if (!(problem instanceof CommandProblem) || problem.exitCode !== exitCodes.unclear) throw problem;
    return await call();
  }
}

const NOT_MAILROOM = 'What answers there is not Mailroom. Is MAILROOM_URL right? It is the address without /api.';

interface Refused {
  readonly title?: unknown;
  readonly detail?: unknown;
  readonly errors?: readonly { readonly path?: unknown; readonly detail?: unknown }[];
}

function refusalWords(status: number, error: unknown): string {
  const { title, detail, errors = [] } = (typeof error === 'object' && error !== null ? error : {}) as Refused;
  const words = typeof detail === 'string' ? detail : title;
  if (typeof words !== 'string') return `${NOT_MAILROOM} (Status ${status}.)`;
  const places = (Array.isArray(errors) ? errors : []).map(
    (place) => `  ${String(place?.path ?? '')} ${String(place?.detail ?? '')}`,
  );
  return [words, ...places].join('\n');
}
