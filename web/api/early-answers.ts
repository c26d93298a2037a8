/**
 * Requests that the document started before the code of the pages ran, by path and query (index.html). Each is used
 * once.
 */
const answers = (globalThis as { earlyAnswers?: Map<string, Promise<Response>> }).earlyAnswers;

/** The answer of a request that was started early; undefined: it has to be requested. */
export function takeEarlyAnswer({ method, url }: Pick<Request, 'method' | 'url'>): Promise<Response> | undefined {
  if (method !== 'GET') return undefined;
  const { pathname, search } = new URL(url);
  const answer = answers?.get(pathname + search);
  answers?.delete(pathname + search);
  return answer;
}
