import type { Database } from '../../database/database.ts';
import { addApiKey, findApiKeyView, type NewApiKey } from '../../database/people/api-keys.ts';
import { createApiKey } from '../access/api-key-format.ts';
import type { Principal } from '../access/principal.ts';
import { Problem } from '../http/problem.ts';
import { tokenHash } from '../http/random-token.ts';
import { valueProblem } from '../http/value-problem.ts';
import { apiKeyAnswer } from './schemas.ts';

/**
 * Makes an API key for a person who is signed in. The answer is the only one that has the key itself. Throws a Problem for
 * keys as makers, for a name that was used, and for an end that is over.
 */
export async function makeApiKey(
  db: Database,
  { actor, kind }: Principal,
  {
    expiresAt: end,
    ...terms
  }: Omit<NewApiKey, 'keyHash' | 'hint' | 'expiresAt'> & { readonly expiresAt?: string | undefined },
) {
  if (kind !== 'user') throw new Problem('key-makes-no-key', 'Only people who are signed in make API keys.');
  const expiresAt = end === undefined ? undefined : new Date(end);
  if (expiresAt && expiresAt.getTime() <= Date.now()) {
    throw new Problem('values-refused', 'The key would have expired already.', {
      errors: [valueProblem('/expiresAt', 'not-acceptable')],
    });
  }
  const key = createApiKey();
  const id = await addApiKey(db, actor, { ...terms, expiresAt, keyHash: tokenHash(key), hint: key.slice(-4) });
  const view = id === undefined ? undefined : await findApiKeyView(db, id);
  if (!view) {
    throw new Problem('key-name-taken', 'A key of this name exists, or did. Choose another name.', {
      errors: [valueProblem('/name', 'taken')],
    });
  }
  return { ...apiKeyAnswer(view), key };
}
