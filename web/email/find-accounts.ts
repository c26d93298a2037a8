import { api, type Schemas, take } from '../api/client.ts';

/** More do not fit into a list to choose from. */
const CHOICES = 20;

/** The first accounts that a search finds, for a field that names accounts. */
export async function findAccounts(search: string, signal: AbortSignal): Promise<readonly Schemas['Account'][]> {
  const query = { pageSize: CHOICES, ...(search.trim() === '' ? {} : { search: search.trim() }) };
  return (await take(api.GET('/api/v1/email/accounts', { signal, params: { query } }))).accounts;
}
