import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { ADDRESS, type GraphReply, type RunningGraph, startGraph, walkDelta } from './start-graph.ts';

const SHARED = 'team@contoso.example';
const INBOX = `/users/${SHARED}/mailFolders/inbox/messages`;

describe('A mailbox of somebody else', () => {
  let running: RunningGraph;
  beforeEach(async () => {
    running = await startGraph();
  });
  afterEach(() => running.close());

  const refusal = ({ status, body }: GraphReply) => [status, body.error?.code];
  const as = async (scope: string) => ({ token: await running.tokenFor(ADDRESS, { scope: `User.Read ${scope}` }) });
  const grant = () => running.control('PUT', `/mailboxes/${SHARED}/delegates/${ADDRESS}`);

  it('opens to whom it was shared with, by address and by id, with a scope for shared mail', async () => {
    await grant();
    await running.control('POST', `/mailboxes/${SHARED}/messages`, { subject: 'For the team' });
    const reader = await as('Mail.Read.Shared');
    const { oid } = await running.control('GET', `/users/${SHARED}`);
    for (const key of [SHARED, oid]) {
      const path = `/users/${key}/mailFolders/inbox/messages`;
      const { entries, deltaLink } = await walkDelta(running, `${path}/delta`, reader);
      expect(entries).toMatchObject([{ subject: 'For the team' }]);
      expect(deltaLink).toContain(`/v1.0/users('${encodeURIComponent(key)}')/mailfolders('`);
      expect((await walkDelta(running, deltaLink, reader)).entries).toEqual([]);
      const list = await running.graph('GET', path, reader);
      expect(list.body.value).toMatchObject([{ subject: 'For the team' }]);
      const one = await running.graph('GET', `/users/${key}/messages/${list.body.value[0].id}/$value`, reader);
      expect(one.bytes.toString()).toContain('Subject: For the team');
    }
    expect((await running.graph('GET', `/users/${SHARED}/mailFolders/inbox`, reader)).status).toBe(200);
  });

  it('has the user principal name as its key, and no other of its addresses', async () => {
    const [login, alias] = ['team.login@contoso.example', 'help@contoso.example'];
    await running.control('POST', '/users', { address: SHARED, userPrincipalName: login, aliases: [alias] });
    await grant();
    const reader = await as('Mail.Read.Shared User.ReadBasic.All');
    const statusOf = async (key: string, path = '/messages') =>
      refusal(await running.graph('GET', `/users/${key}${path}`, reader));
    for (const key of [login, login.toUpperCase()]) expect(await statusOf(key)).toEqual([200, undefined]);
    expect(await statusOf(login, '')).toEqual([200, undefined]);
    for (const key of [SHARED, alias]) {
      expect(await statusOf(key)).toEqual([404, 'ErrorInvalidUser']);
      expect(await statusOf(key, '')).toEqual([404, 'Request_ResourceNotFound']);
    }
  });

  it('can be written to with the scope for that only', async () => {
    await grant();
    const { id } = await running.control('POST', `/mailboxes/${SHARED}/messages`, { subject: 'For the team' });
    const change = { body: { isRead: true } };
    const path = `/users/${SHARED}/messages/${id}`;
    expect(refusal(await running.graph('PATCH', path, { ...(await as('Mail.Read.Shared')), ...change }))).toEqual([
      403,
      'ErrorAccessDenied',
    ]);
    expect((await running.graph('PATCH', path, { ...(await as('Mail.ReadWrite.Shared')), ...change })).status).toBe(
      200,
    );
  });

  it('is denied without a scope for shared mail, and not found without the owner’s grant', async () => {
    await running.control('POST', '/mailboxes', { address: SHARED });
    const [plain, shared] = [await as('Mail.ReadWrite'), await as('Mail.Read.Shared')];
    expect(refusal(await running.graph('GET', INBOX, plain))).toEqual([403, 'ErrorAccessDenied']);
    expect(refusal(await running.graph('GET', INBOX, shared))).toEqual([404, 'ErrorItemNotFound']);
    expect(refusal(await running.graph('GET', `${INBOX}/delta`, shared))).toEqual([404, 'ErrorItemNotFound']);
    expect(refusal(await running.graph('GET', `/users/${SHARED}/messages`, shared))).toEqual([
      404,
      'ErrorFolderNotFound',
    ]);
    await grant();
    expect(refusal(await running.graph('GET', INBOX, plain))).toEqual([403, 'ErrorAccessDenied']);
    expect((await running.graph('GET', INBOX, shared)).status).toBe(200);
    await running.control('DELETE', `/mailboxes/${SHARED}/delegates/${ADDRESS}`);
    expect(refusal(await running.graph('GET', INBOX, shared))).toEqual([404, 'ErrorItemNotFound']);
  });

  it('tells nobody its directory entry for a mail scope, not even a delegate', async () => {
    await grant();
    const delegate = await as('Mail.Read.Shared Mail.ReadWrite.Shared');
    expect(refusal(await running.graph('GET', `/users/${SHARED}`, delegate))).toEqual([
      403,
      'Authorization_RequestDenied',
    ]);
    expect((await running.graph('GET', `/users/${ADDRESS}`, delegate)).status).toBe(200);
  });

  it('has a user whose sign-in is blocked where it is made as a shared one', async () => {
    await grant();
    await running.control('POST', '/mailboxes', { address: 'desk@contoso.example', shared: true });
    await running.control('POST', '/mailboxes', { address: 'ann@contoso.example' });
    // A person who shares keeps signing in.
    await running.control('PUT', `/mailboxes/ann@contoso.example/delegates/${ADDRESS}`);
    const enabled = async (address: string) => (await running.control('GET', `/users/${address}`)).enabled;
    expect(await enabled(SHARED)).toBe(false);
    expect(await enabled('desk@contoso.example')).toBe(false);
    expect(await enabled('ann@contoso.example')).toBe(true);
  });
});
