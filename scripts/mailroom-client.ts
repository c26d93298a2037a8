/** Client of Mailroom's API for scripts and tests: JSON in, JSON out; everything else is an Error in plain words. */
export interface MailroomClient {
  readonly url: string;
  get<Answer>(path: string): Promise<Answer>;
  post<Answer>(path: string, body?: unknown): Promise<Answer>;
  put<Answer>(path: string, body: unknown): Promise<Answer>;
  patch<Answer>(path: string, body: unknown): Promise<Answer>;
  delete<Answer>(path: string): Promise<Answer>;
}

/** A refusal of the API: its status and its problem document. */
export class Refusal extends Error {
  override readonly name = 'Refusal';
  readonly status: number;
  readonly problem: { readonly type?: string; readonly title?: string; readonly detail?: string };

  constructor(status: number, problem: Refusal['problem'], request: string) {
    super(`${request}: ${status} ${[problem.title, problem.detail].filter(Boolean).join('. ')}`);
    this.status = status;
    this.problem = problem;
  }
}

/** Longer than any of our answers takes; redeeming a sign-in is the slowest. */
const ANSWER_WITHIN_MS = 40_000;

/** `url` is without the API's path; `key` is an API key. */
export function createMailroomClient(url: string, key: string): MailroomClient {
  async function call<Answer>(method: string, path: string, body?: unknown): Promise<Answer> {
    const request = `${method} ${path}`;
    const response = await fetch(`${url}/api/v1${path}`, {
      method,
      signal: AbortSignal.timeout(ANSWER_WITHIN_MS),
      headers: {
        authorization: `Bearer ${key}`,
        ...(body === undefined ? {} : { 'content-type': 'application/json' }),
      },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    }).catch((cause: unknown) => {
      throw new Error(`${request}: Mailroom does not answer at ${url}.`, { cause });
    });
    const answer = parseAnswer(await response.text(), request);
    if (!response.ok) throw new Refusal(response.status, answer ?? {}, request);
    return answer;
  }
  return {
    url,
    get: (path) => call('GET', path),
    post: (path, body) => call('POST', path, body),
    put: (path, body) => call('PUT', path, body),
    patch: (path, body) => call('PATCH', path, body),
    delete: (path) => call('DELETE', path),
  };
}

function parseAnswer(text: string, request: string) {
  try {
    return text === '' ? undefined : JSON.parse(text);
  } catch {
    throw new Error(`${request}: what answers is not Mailroom.`);
  }
}
