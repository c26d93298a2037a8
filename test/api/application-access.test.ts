import pino from 'pino';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { microsoftCloud } from '../../graph/cloud.ts';
import { startApplicationChecks } from '../../worker/application-check.ts';
import { eventually } from '../support/eventually.ts';
import { simulatedSettings, startTestStack } from './test-stack.ts';

/** Many mailboxes at once, for an application that Exchange limits to them. */

const PATH = '/api/v1/email/settings/application-access';
const CANARY = 'board@contoso.example';

let stack: Awaited<ReturnType<typeof startTestStack>>;
let endChecks: () => Promise<void>;

beforeAll(async () => {
  stack = await startTestStack();
  const { db, keys } = stack.worker;
  const cloud = microsoftCloud('simulator', stack.simulatorUrl);
  endChecks = startApplicationChecks({ db, keys, cloud }, pino({ level: 'silent' }), 100);
  await stack.control('POST', '/mailboxes/bulk', {
    mailboxes: [CANARY, ...desks],
  });
});
afterAll(async () => {
  await endChecks?.();
  await stack?.stop();
});

const desk = (n: number) => `desk-${n}@contoso.example`;
const desks = Array.from({ length: 30 }, (_, n) => desk(n));
const put = (body: object, key?: string) => stack.call('PUT', PATH, { body, ...(key ? { key } : {}) });
const connect = (addresses: readonly string[], key?: string) =>
  stack.call('POST', '/api/v1/email/accounts/connect', {
    body: { addresses, backfillDays: 1 },
    ...(key ? { key } : {}),
  });
const scope = (mailboxes?: readonly string[]) =>
  stack.control('PUT', `/apps/${simulatedSettings.clientId}/exchange-roles`, {
    roles: [{ role: 'Application Mail.Read', ...(mailboxes ? { mailboxes } : {}) }],
  });

describe('application access', () => {
  it('waits for the global properties, and is off without an administrator', async () => {
    expect(await put({ enabled: true, canaries: [CANARY] })).toMatchObject({
      status: 409,
      json: { reason: 'settings-missing' },
    });
    await stack.call('PUT', '/api/v1/email/settings', { body: simulatedSettings });
    expect((await stack.call('GET', PATH)).json).toMatchObject({
      enabled: false,
      isUsed: false,
      reason: 'application-access-off',
      outcome: null,
      accounts: 0,
    });
    expect(await connect([desk(1)])).toMatchObject({ status: 409, json: { reason: 'application-access-unused' } });
    expect((await put({ enabled: true, canaries: [CANARY] }, stack.apiKeys.Agent)).status).toBe(403);
  });

  it('is not switched on without mailboxes that it must not read, nor with such that it reads', async () => {
    expect(await put({ enabled: true })).toMatchObject({ status: 422, json: { reason: 'canaries-missing' } });
    expect(await put({ enabled: true, canaries: ['nobody@nowhere.example'] })).toMatchObject({
      status: 422,
      json: { reason: 'canaries-missing' },
    });
    await scope();
    expect(await put({ enabled: true, canaries: [CANARY] })).toMatchObject({
      status: 422,
      json: { reason: 'application-reads-more', facts: { readable: [CANARY] } },
    });
    expect((await stack.call('GET', PATH)).json).toMatchObject({ enabled: false, outcome: 'readable' });
  });

  it('is switched on once Exchange limits it, and names roles that Entra gave for all mailboxes', async () => {
    await scope(desks);
    expect(await put({ enabled: true, canaries: [CANARY] })).toMatchObject({
      status: 200,
      json: { enabled: true, isUsed: true, outcome: 'proved', tenantWideRoles: [], readable: [] },
    });
    expect((await stack.call('POST', `${PATH}/check`)).json).toMatchObject({ outcome: 'proved', failure: null });
  });
});

describe('many mailboxes at once', () => {
  it('become accounts that are read without a sign-in, line by line, and as often as they are sent', async () => {
    await stack.call('PUT', '/api/v1/email/settings/allowed-addresses', { body: { allowed: ['contoso.example'] } });
    const delegated = 'delegated@contoso.example';
    await stack.addAccount(delegated);
    const lines = [...desks, ' Desk-1@Contoso.example ', 'no address', CANARY, 'desk@fabrikam.example', delegated];
    const { status, json } = await connect(lines);
    expect(status).toBe(200);
    expect(json.connected).toBe(30);
    expect(json.lines.slice(0, 30).every(({ outcome }: { outcome: string }) => outcome === 'connected')).toBe(true);
    expect(json.lines.slice(30)).toMatchObject([
      { text: 'Desk-1@Contoso.example', outcome: 'repeated' },
      { text: 'no address', outcome: 'no-address' },
      { outcome: 'canary', accountId: null },
      { outcome: 'not-allowed', accountId: null },
      { outcome: 'connected-before', accountId: expect.any(String) },
    ]);
    const again = await connect(desks);
    expect(again.json.connected).toBe(0);
    expect(again.json.lines.map(({ accountId }: { accountId: string }) => accountId)).toEqual(
      json.lines.slice(0, 30).map(({ accountId }: { accountId: string }) => accountId),
    );

    await stack.control('POST', `/mailboxes/${desk(7)}/messages`, { subject: 'For the desk', text: 'Hello' });
    await eventually(async () => {
      const account = await stack.call('GET', `/api/v1/email/accounts/${json.lines[7].accountId}`);
      expect(account.json).toMatchObject({
        access: 'application',
        state: 'authenticated',
        condition: null,
        identity: null,
        waitingItems: 1,
      });
    });
    expect((await stack.call('GET', PATH)).json.accounts).toBe(30);
    const entries = await stack.db
      .selectFrom('auditEntries')
      .where('act', '=', 'account.add')
      .where('outcome', '=', 'done')
      .select((select) => select.fn.countAll<number>().as('count'))
      .executeTakeFirstOrThrow();
    expect(entries.count).toBeGreaterThanOrEqual(30);
  });

  it('are for those who manage accounts', async () => {
    expect((await connect([desk(1)], stack.apiKeys.Agent)).status).toBe(403);
  });

  it('cannot be named as those that must not be read', async () => {
    expect(await put({ enabled: true, canaries: [desk(1)] })).toMatchObject({
      status: 422,
      json: { reason: 'canary-connected', facts: { address: desk(1) } },
    });
  });
});

describe('an account', () => {
  it('is read with application access instead of a sign-in, and keeps its id', async () => {
    const { id } = await stack.addAccount('moved@contoso.example');
    await scope([...desks, 'moved@contoso.example']);
    await stack.control('POST', '/mailboxes', { address: 'moved@contoso.example' });
    const changed = await stack.call('PUT', `/api/v1/email/accounts/${id}/access`, { body: { access: 'application' } });
    expect(changed).toMatchObject({ status: 200, json: { id, access: 'application', state: 'authenticated' } });
    await stack.control('POST', '/mailboxes/moved@contoso.example/messages', { subject: 'Moved', text: 'Hello' });
    await eventually(async () =>
      expect((await stack.call('GET', `/api/v1/email/accounts/${id}`)).json).toMatchObject({ waitingItems: 1 }),
    );
  });

  it('says why it is not read any more when the application reads too much', async () => {
    await scope();
    expect((await stack.call('POST', `${PATH}/check`)).json).toMatchObject({
      enabled: true,
      isUsed: false,
      reason: 'application-not-proved',
      readable: [CANARY],
    });
    expect(await connect(['late@contoso.example'])).toMatchObject({
      status: 409,
      json: { reason: 'application-access-unused', facts: { cause: 'application-not-proved' } },
    });
    await scope(desks);
    expect((await stack.call('POST', `${PATH}/check`)).json).toMatchObject({ isUsed: true });
    expect(await put({ enabled: false })).toMatchObject({ json: { enabled: false, isUsed: false, outcome: 'proved' } });
  });
});
