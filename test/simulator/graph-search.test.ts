import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { ADDRESS, type RunningGraph, startGraph } from './start-graph.ts';

describe('A search', () => {
  let running: RunningGraph;
  beforeAll(async () => {
    running = await startGraph();
    const day = (date: string) => `?receivedDateTime=${date}T12:00:00Z`;
    await running.deliver(
      { subject: 'Invoice 4711', text: 'Für die Lieferung', from: 'Ann Ärmel <ann@example.com>' },
      day('2026-01-01'),
    );
    await running.deliver({ subject: 'Offer', html: '<p>An <b>invoice</b> follows</p>' }, day('2026-01-02'));
    await running.deliver({ subject: 'Invoices', text: 'plural', from: 'Bob <bob@example.com>' }, day('2026-01-03'));
    await running.deliver({ subject: 'Lunch', text: 'pizza or salad', from: 'bob@example.com' }, day('2026-01-04'));
  });
  afterAll(() => running.close());

  const find = async (search: string, more = '') => {
    const path = `/me/messages?$select=subject&$search=${encodeURIComponent(search)}${more}`;
    const { status, body } = await running.graph('GET', path);
    return status === 200 ? body.value.map(({ subject }: { subject: string }) => subject) : body.error.code;
  };

  it.each([
    ['"invoice"', ['Offer', 'Invoice 4711']],
    ['invoice', ['Offer', 'Invoice 4711']],
    ['"invoic*"', ['Invoices', 'Offer', 'Invoice 4711']],
    ['"subject:invoice"', ['Invoice 4711']],
    ['"from:bob AND NOT pizza"', ['Invoices']],
    ['"from:bob@example.com"', ['Lunch', 'Invoices']],
    ['"lunch OR (offer follows)"', ['Lunch', 'Offer']],
    ['"ärmel"', ['Invoice 4711']],
    ['"subject:\\"invoice 4711\\""', ['Invoice 4711']],
    ['"invoice follows"', ['Offer']],
    ['"received>=2026-01-03"', ['Lunch', 'Invoices']],
    ['"received:2026-01-02..2026-01-03"', ['Invoices', 'Offer']],
    ['"hasAttachments:true"', []],
    [`"to:${ADDRESS} pizza"`, ['Lunch']],
    ['subject:invoice', 'BadRequest'],
    ['"(invoice"', 'BadRequest'],
    ['""', 'BadRequest'],
  ])('for %s finds %j, newest first', async (search, found) => {
    expect(await find(search)).toEqual(found);
  });

  it('takes neither filter nor order nor count, and pages by a token', async () => {
    expect(await find('"invoice"', '&$filter=isRead eq false')).toBe('SearchWithFilter');
    expect(await find('"invoice"', '&$orderby=subject')).toBe('SearchWithOrderBy');
    expect(await find('"invoice"', '&$count=true')).toBe('SearchWithCount');
    const first = await running.graph('GET', '/me/mailFolders/inbox/messages?$search="bob"&$top=1&$select=subject');
    const second = await running.graph('GET', first.body['@odata.nextLink']);
    expect([first.body.value[0].subject, second.body.value[0].subject]).toEqual(['Lunch', 'Invoices']);
    expect(second.body['@odata.nextLink']).toBeUndefined();
  });

  it('finds a thousand at most', async () => {
    const template = { subject: 'Needle {n}' };
    await running.control('POST', '/mailboxes/many@contoso.example/messages/bulk', { count: 1_003, template });
    const token = await running.tokenFor('many@contoso.example');
    const { body } = await running.graph('GET', '/me/messages?$search="needle"&$top=999&$select=id', { token });
    const rest = await running.graph('GET', body['@odata.nextLink'], { token });
    expect([rest.body.value.length, rest.body['@odata.nextLink']]).toEqual([1, undefined]);
  });
});

describe('The settings of a mailbox', () => {
  let running: RunningGraph;
  let token: string;
  beforeAll(async () => {
    running = await startGraph();
    token = await running.tokenFor(ADDRESS, { scope: 'MailboxSettings.ReadWrite Mail.ReadWrite' });
  });
  afterAll(() => running.close());

  it('are read and changed with their own scopes', async () => {
    expect((await running.graph('GET', '/me/mailboxSettings')).body.error.code).toBe('ErrorAccessDenied');
    const before = await running.graph('GET', '/me/mailboxSettings', { token });
    expect(before.body).toMatchObject({ timeZone: 'UTC', userPurpose: 'user', language: { locale: 'en-US' } });
    const body = { timeZone: 'W. Europe Standard Time', automaticRepliesSetting: { status: 'alwaysEnabled' } };
    const after = await running.graph('PATCH', '/me/mailboxSettings', { token, body });
    expect(after.body).toMatchObject({ ...body, automaticRepliesSetting: { externalAudience: 'all' } });
  });

  it('have a list of categories, of which a mail may name any', async () => {
    const path = '/me/outlook/masterCategories';
    const { body } = await running.graph('GET', path, { token });
    expect(body.value).toHaveLength(6);
    const made = await running.graph('POST', path, { token, body: { displayName: 'Complaint', color: 'preset12' } });
    expect(made.status).toBe(201);
    expect((await running.graph('POST', path, { token, body: { displayName: 'complaint' } })).status).toBe(409);
    const one = `${path}/${made.body.id}`;
    expect((await running.graph('PATCH', one, { token, body: { color: 'preset1' } })).body.color).toBe('preset1');
    expect((await running.graph('DELETE', one, { token })).status).toBe(204);
    expect((await running.graph('GET', one, { token })).status).toBe(404);
  });
});
