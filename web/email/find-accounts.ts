import { api, type Schemas, take } from '../api/client.ts';

/** More do not fit into a list to choose from. */
const CHOICES = 20;

/** The most that the API gives at once. */
const LARGEST_PAGE = 200;

/** The first accounts that a search finds, for a field that names accounts. */
export async function findAccounts(search: string, signal: AbortSignal): Promise<readonly Schemas['Account'][]> {
  const query = { pageSize: CHOICES, ...(search.trim() === '' ? {} : { search: search.trim() }) };
  return (await take(api.GET('/api/v1/email/accounts', { signal, params: { query } }))).accounts;
}

/** Every account that a search finds. */
export async function findEveryAccount(search: string): Promise<readonly Schemas['Account'][]> {
  const found: Schemas['Account'][] = [];
  for (let page = 1; ; page++) {
    const query = { page, pageSize: LARGEST_PAGE, ...(search === '' ? {} : { search }) };
    const { accounts, total } = await take(api.GET('/api/v1/email/accounts', { params: { query } }));
    found.push(...accounts);
    if (accounts.length === 0 || found.length >= total) return found;
  }
}
