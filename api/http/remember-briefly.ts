/**
 * Calls `ask` at most once per interval and shares the answer among all callers: for what orchestrators, pages and
 * strangers request every few seconds.
 */
export function rememberBriefly<Answer>(ask: () => Promise<Answer>, forMs: number): () => Promise<Answer> {
  let answer: Promise<Answer> | undefined;
  let freshUntilMs = Number.POSITIVE_INFINITY;
  return () => {
    if (answer !== undefined && performance.now() < freshUntilMs) return answer;
    freshUntilMs = Number.POSITIVE_INFINITY;
    answer = ask().finally(() => {
      freshUntilMs = performance.now() + forMs;
    });
    return answer;
  };
}
