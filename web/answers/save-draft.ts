import { api, take } from '../api/client.ts';
import { ProblemError } from '../api/problem-error.ts';
import type { Draft } from './answers-query.ts';
import { savablePart } from './draft-content.ts';
import type { SavedDraft, SaveOutcome } from './draft-keeper.ts';

/** A draft as the API answers it, for the keeper. */
export function savedDraft({
  to,
  cc,
  bcc,
  subject,
  format,
  body,
  includesQuote,
  version,
  updatedAt,
}: Draft): SavedDraft {
  const content = { to, cc, bcc, subject, format: format === 'text' ? 'text' : 'html', body, includesQuote } as const;
  return { content, version, savedAt: updatedAt };
}

/** The entity tag of a version. */
export const tagOf = (version: number) => `"${version}"`;

/**
 * Saves what the API takes of a draft over this version. The rest must not make it wait. `onSaved` gets the draft as the
 * API answers it.
 */
export async function saveDraft(
  id: string,
  { content, version }: Pick<SavedDraft, 'content' | 'version'>,
  onSaved: (draft: Draft) => void,
): Promise<SaveOutcome> {
  const params = { path: { id }, header: { 'if-match': tagOf(version) } };
  try {
    const draft = await take(api.PUT('/api/v1/drafts/{id}', { params, body: savablePart(content) }));
    onSaved(draft);
    return { kind: 'saved', draft: savedDraft(draft) };
  } catch (error) {
    if (!(error instanceof ProblemError)) throw error;
    const { status } = error.details;
    if (status === 412) return await readCurrent(id);
    if (status === 0 || status === 401 || status === 429 || status >= 500) return { kind: 'unavailable', error };
    if (status === 403 || status === 404 || status === 409) return { kind: 'over', error };
    return { kind: 'refused', error };
  }
}

async function readCurrent(id: string): Promise<SaveOutcome> {
  try {
    const draft = await take(api.GET('/api/v1/drafts/{id}', { params: { path: { id } } }));
    return { kind: 'changed', draft: savedDraft(draft) };
  } catch (error) {
    const status = error instanceof ProblemError ? error.details.status : 0;
    return { kind: status === 404 || status === 409 ? 'over' : 'unavailable', error };
  }
}
