import type { Route } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { DEFAULT_ADMINISTRATOR } from '../../simulator/entra/default-directory.ts';
import { connectAccount, enterSettings, signIn } from '../support/connect-account.ts';
import { eventually } from '../support/eventually.ts';
import { letUsersConsent } from '../support/let-users-consent.ts';
import { createSimulatorControl } from '../support/simulator-control.ts';
import { startTestStack, type TestStack } from '../support/stack.ts';
import { openSignedIn } from './sign-in.ts';
import { expectFocus, startBrowser, type Visitor } from './start-browser.ts';

const ADDRESS = 'desk@contoso.example';
const AGENT = 'ann@contoso.example';

/** Runs in the page: pastes a picture where the keyboard is, as after a screenshot. */
const PASTE_PICTURE = `(async () => {
  const canvas = document.createElement('canvas');
  canvas.width = 60;
  canvas.height = 30;
  canvas.getContext('2d').fillRect(0, 0, 60, 30);
  const blob = await new Promise((resolve) => canvas.toBlob(resolve));
  const clipboardData = new DataTransfer();
  clipboardData.items.add(new File([blob], 'screen.png', { type: 'image/png' }));
  document.activeElement.dispatchEvent(new ClipboardEvent('paste', { clipboardData, bubbles: true, cancelable: true }));
})()`;

/** Runs in the page: pastes what Google Docs copies. */
const PASTE_STYLED = `(() => {
  const clipboardData = new DataTransfer();
  clipboardData.setData('text/plain', 'plain and strong');
  clipboardData.setData('text/html', '<b style="font-weight:normal"><span style="color:red">plain and </span><span style="font-weight:700">strong</span></b>');
  document.activeElement.dispatchEvent(new ClipboardEvent('paste', { clipboardData, bubbles: true, cancelable: true }));
})()`;

/** Runs in the page: pastes what Outlook copies of a table. */
const PASTE_TABLE = `(() => {
  const clipboardData = new DataTransfer();
  clipboardData.setData('text/plain', 'Lamp');
  clipboardData.setData('text/html', '<table><tr><td><p>Lamp</p></td><td>two <b>broken</b></td><td></td></tr>' +
    '<tr><td><p>Sum</p><p>net</p></td><td>9</td></tr></table>');
  document.activeElement.dispatchEvent(new ClipboardEvent('paste', { clipboardData, bubbles: true, cancelable: true }));
})()`;

/** Runs in the page, before all of it: a browser whose clock is wrong, by which no answer could be undone. */
const AN_HOUR_FAST = '{ const { now } = Date; Date.now = () => now() + 3_600_000; }';

interface Answers {
  readonly answers: readonly { readonly id: string; readonly state: string; readonly kind: string }[];
}

describe('answers', () => {
  let stack: TestStack;
  let browser: Awaited<ReturnType<typeof startBrowser>>;
  let admin: Visitor;
  let items: Readonly<Record<string, string>>;
  const text = (visitor = admin) => visitor.page.getByRole('textbox', { name: 'Text of the answer' });
  const button = (name: string, visitor = admin) => visitor.page.getByRole('button', { name, exact: true });
  const saved = (visitor = admin) => visitor.page.getByText(/^Saved \d/).waitFor();
  const untilPictureShown = () =>
    expect
      .poll(() => admin.page.evaluate(`document.querySelector('.written-picture')?.naturalWidth`), { timeout: 8_000 })
      .toBe(60);
  const answersOf = async (subject: string) =>
    (await stack.mailroom.get<Answers>(`/items/${items[subject]}/answers`)).answers;
  const open = async (subject: string, visitor = admin) => {
    await visitor.page.goto(`${stack.mailroom.url}/items/${items[subject]}`);
    await visitor.page.getByRole('heading', { level: 1, name: subject }).waitFor();
  };

  beforeAll(async () => {
    [stack, browser] = await Promise.all([startTestStack(), startBrowser()]);
    await enterSettings(stack);
    const { id: queueId } = await stack.mailroom.post<{ id: string }>('/queues', { name: 'Desk' });
    const accountId = await connectAccount(stack, ADDRESS, { defaultQueueId: queueId });
    await stack.mailroom.put('/email/settings/sending', { enabled: true });
    await stack.mailroom.put(`/email/accounts/${accountId}/sending`, { enabled: true });
    // Their users may not consent for themselves to what writes: they would need an administrator.
    await letUsersConsent(stack.simulatorUrl);
    const again = await stack.mailroom.post<{ signInUrl: string }>(`/email/accounts/${accountId}/sign-in`, {});
    expect(await signIn(stack, again.signInUrl)).toMatchObject({ status: 200 });
    await stack.mailroom.post('/users', { email: AGENT, profile: 'Agent' });
    await stack.mailroom.post('/canned-answers', {
      name: 'Under way',
      html: '<p>Dear {{customer.name}}, it is under way.</p>',
    });
    const simulator = createSimulatorControl(stack.simulatorUrl);
    for (const subject of ['Refund', 'Invoice', 'Delivery', 'Complaint', 'Receipt'])
      await simulator.deliver(ADDRESS, { subject });
    await simulator.signIn({ mode: 'interactive' });
    await eventually(
      async () => {
        const page = await stack.mailroom.get<{ items: readonly { id: string; subject: string }[] }>(
          `/queues/${queueId}/items`,
        );
        expect(page.items).toHaveLength(5);
        items = Object.fromEntries(page.items.map(({ subject, id }) => [subject, id]));
      },
      { timeoutMs: 30_000 },
    );
    admin = await browser.visit();
    await admin.page.addInitScript(AN_HOUR_FAST);
    await openSignedIn(admin.page, `${stack.mailroom.url}/queues`, DEFAULT_ADMINISTRATOR);
  });
  afterAll(async () => {
    await browser?.close();
    await stack?.stop();
  });

  it('are written by keyboard, saved while they are written, and there again after a reload', async () => {
    const { page } = admin;
    await open('Refund');
    await button('Reply').click();
    await expectFocus(text());
    await page.keyboard.type('Hello,');
    await page.keyboard.press('Enter');
    await page.keyboard.press('Enter');
    await page.keyboard.press('/');
    await expectFocus(page.getByRole('combobox', { name: 'Search canned answers' }));
    await page.keyboard.type('way');
    await page.keyboard.press('Enter');
    await expectFocus(text());
    await page.evaluate(PASTE_STYLED);
    await text().locator('strong', { hasText: 'strong' }).waitFor();
    await saved();
    await admin.expectAccessible('light');
    await admin.expectAccessible('dark');
    await page.keyboard.press('Escape');
    await expectFocus(page.getByRole('region', { name: 'Reply' }));
    await page.keyboard.press('c');
    await page.getByText('Claimed by you').waitFor();
    await page.keyboard.press('e');
    await page.getByRole('dialog', { name: 'Complete without sending the answer?' }).waitFor();
    await admin.expectAccessible('light');
    await page.keyboard.press('Enter');
    await page.getByRole('dialog').waitFor({ state: 'detached' });
    await button('Release').click();
    await button('Claim').waitFor();
    await page.keyboard.press('?');
    await page.getByRole('dialog').getByText('In the text: send', { exact: true }).waitFor();
    await page.keyboard.press('Escape');
    await page.getByRole('dialog').waitFor({ state: 'detached' });
    await page.keyboard.press('r');
    await expectFocus(text());
    await page.reload();
    await text().getByText('Dear Simulated Sender, it is under way.plain and strong').waitFor();
    expect(await text().locator('strong').innerText()).toBe('strong');
    expect(await text().locator('p').count()).toBe(3);
    admin.expectNoComplaints([409]);
  });

  it('hold pasted pictures and files, and keep the words in plain text', async () => {
    const { page } = admin;
    await text().press('Control+End');
    await page.keyboard.press('Enter');
    await page.evaluate(PASTE_TABLE);
    await text().getByText('Lamp | two broken').waitFor();
    expect(await text().innerText()).toMatch(/Lamp \| two broken\s+Sum\s+net\s+9/);
    await page.evaluate(PASTE_PICTURE);
    await untilPictureShown();
    await page.locator('input[type=file]').setInputFiles([
      { name: 'terms.txt', mimeType: 'text/plain', buffer: Buffer.from('Terms') },
      { name: 'empty.txt', mimeType: 'text/plain', buffer: Buffer.alloc(0) },
    ]);
    for (const name of ['terms.txt', 'empty.txt']) await page.getByRole('link', { name }).waitFor();
    await saved();
    await page.reload();
    await untilPictureShown();
    await button('Plain text').click();
    expect(await text().inputValue()).toContain('Hello,\n\nDear Simulated Sender, it is under way.plain and strong');
    await saved();
    await button('Formatted').click();
    await text().getByText('it is under way').waitFor();
    admin.expectNoComplaints();
  });

  it('do not go to what is no address, nor without a recipient', async () => {
    const { page } = admin;
    const to = page.getByRole('combobox', { name: 'To' });
    await to.fill('"Doe, Jo" <jo@example.net>; nonsense');
    await to.press('Enter');
    await page.getByText('Not an e-mail address: nonsense').waitFor();
    await button('Send').click();
    await expectFocus(to);
    await page.keyboard.press('Backspace');
    await page.getByText('Not an e-mail address').waitFor({ state: 'detached' });
    await page.getByText('"Doe, Jo" <jo@example.net>').waitFor();
    expect((await answersOf('Refund')).map(({ state }) => state)).toEqual(['draft']);
  });

  it('can be taken back for ten seconds, also from another page, and are a draft again', async () => {
    const { page } = admin;
    await text().click();
    await page.keyboard.press('Control+Enter');
    await page.getByText(/^Will be sent in \d+ seconds?$/).waitFor();
    await expectFocus(button('Undo'));
    await admin.expectAccessible('light');
    await page.getByRole('link', { name: 'Queues' }).click();
    await page.getByRole('heading', { level: 1, name: 'Queues' }).waitFor();
    await button('Undo').waitFor();
    // Without an answer, the undo is asked for again.
    await page.route('**/undo', (route) => route.fulfill({ status: 502 }), { times: 1 });
    await page.keyboard.press('z');
    await text().getByText('it is under way').waitFor();
    await expectFocus(text());
    expect((await answersOf('Refund')).map(({ state }) => state)).toEqual(['draft']);
    admin.expectNoComplaints([502]);
  });

  it('say that an undo came too late, when its answer comes after the sending', async () => {
    const { page } = admin;
    await open('Receipt');
    await button('Reply').click();
    await expectFocus(text());
    await page.keyboard.type('Sent all the same');
    await page.keyboard.press('Control+Enter');
    await page.getByText(/^Will be sent in \d+ seconds?$/).waitFor();
    await page.getByRole('link', { name: 'Queues' }).click();
    await button('Undo').waitFor();
    await page.route('**/undo', (route) => route.fulfill({ status: 502 }));
    await button('Undo').click();
    const states = async () => (await answersOf('Receipt')).map(({ state }) => state);
    await expect.poll(states, { timeout: 20_000 }).toEqual(['sent']);
    await page.unroute('**/undo');
    await page.getByText('The answer was sent: it is too late for this.').first().waitFor();
    admin.expectNoComplaints([502, 409]);
    await open('Refund');
  });

  it('that Microsoft refuses come back with their text, and are sent once when it takes them', async () => {
    const { page } = admin;
    const simulator = createSimulatorControl(stack.simulatorUrl);
    await simulator.addFault({
      kind: 'send-refused',
      status: 403,
      error: 'ErrorExceededMessageLimit',
      mailbox: ADDRESS,
    });
    await text().click();
    await page.keyboard.press('Control+Enter');
    await page.getByText('The mailbox has reached its sending limit.').waitFor({ timeout: 30_000 });
    await admin.expectAccessible('dark');
    await simulator.clearFaults();
    await button('Change and send again').click();
    await text().getByText('it is under way').waitFor();
    await button('Close').click();
    await button('Send again').click();
    await page.getByText(/^Sent /).waitFor({ timeout: 20_000 });
    const { mails } = await simulator.call<{ mails: readonly { subject: string }[] }>(
      'GET',
      `/outbox?mailbox=${ADDRESS}&top=10`,
    );
    expect(mails.map(({ subject }) => subject)).toEqual(['Re: Refund', 'Re: Receipt']);
  });

  it('ask before an announced attachment is missing, and go back to the text', async () => {
    const { page } = admin;
    await open('Invoice');
    await button('Reply').click();
    await expectFocus(text());
    await page.keyboard.type('Please find the invoice attached.');
    await page.keyboard.press('Control+Enter');
    await page.getByText('Your text mentions an attachment, but nothing is attached.').waitFor();
    await admin.expectAccessible('dark');
    await page.keyboard.press('Enter');
    await expectFocus(text());
    await button('Discard').click();
    await page.getByRole('dialog').getByRole('button', { name: 'Discard' }).click();
    await page.getByRole('dialog').waitFor({ state: 'detached' });
    expect(await answersOf('Invoice')).toEqual([]);
    await expectFocus(button('Reply'));
    await page.keyboard.press('f');
    await expectFocus(page.getByRole('combobox', { name: 'To' }));
  });

  it('lose nothing that is written in two windows, or while Mailroom is away', async () => {
    const { page } = admin;
    await open('Delivery');
    await button('Reply').click();
    await expectFocus(text());
    await page.keyboard.type('First');
    await saved();
    const other = await page.context().newPage();
    await other.goto(page.url());
    const otherText = other.getByRole('textbox', { name: 'Text of the answer' });
    await otherText.getByText('First').waitFor();
    // Neither window sees what the other saves while both write.
    for (const each of [page, other]) await each.route('**/api/v1/drafts/*', (route) => route.abort());
    await text().click();
    await page.keyboard.type(' and mine');
    await page.getByText('Not saved: Mailroom does not answer.').waitFor();
    await otherText.click();
    await other.keyboard.type(' and theirs');
    await other.unroute('**/api/v1/drafts/*');
    await other.getByText(/^Saved \d/).waitFor();
    await page.unroute('**/api/v1/drafts/*');
    await page.getByText('The text of this draft was also changed in another window').waitFor();
    await admin.expectAccessible('light');
    await button('Keep both').click();
    await saved();
    await otherText.getByText('First and theirs').waitFor();
    await page.reload();
    await text().getByText('First and mine').waitFor();
    await text().getByText('First and theirs').waitFor();
    await other.close();
  });

  it('pass to another person who takes the draft over, and the first one is told', async () => {
    const agent = await browser.visit();
    await openSignedIn(agent.page, `${stack.mailroom.url}/items/${items.Delivery}`, AGENT);
    await agent.page.setViewportSize({ width: 360, height: 800 });
    await agent.page.getByText(/is writing: Reply/).waitFor();
    await button('Take over', agent).click();
    await text(agent).getByText('First and mine').waitFor();
    await agent.expectFits();
    await agent.expectAccessible('light');
    await text().click();
    await admin.page.keyboard.type('More ');
    await admin.page.getByText('This draft can no longer be saved here.').waitFor();
    // Also after the page was closed: only this browser has the words.
    await admin.page.reload();
    await admin.page.getByText('This text of yours could not be saved').waitFor();
    await admin.expectAccessible('light');
    await button('Continue in a draft of your own').click();
    await text().getByText('More').waitFor();
    await saved();
    expect(await answersOf('Delivery')).toHaveLength(2);
    await admin.page.reload();
    await text().getByText('More').waitFor();
    expect(await admin.page.getByText('This text of yours could not be saved').count()).toBe(0);
    await agent.close();
  });

  it('survive the end of the session in two windows, and are in both after one sign-in', async () => {
    const { page } = admin;
    await open('Complaint');
    await button('Reply').click();
    await expectFocus(text());
    await page.keyboard.type('First');
    await saved();
    const other = await page.context().newPage();
    await other.goto(page.url());
    const windows = [
      { window: page, words: text() },
      { window: other, words: other.getByRole('textbox', { name: 'Text of the answer' }) },
    ];
    for (const { window, words } of windows) {
      await words.getByText('First').waitFor();
      await window.route('**/api/v1/drafts/*', (route) => route.abort());
    }
    for (const [index, { window, words }] of windows.entries()) {
      await words.click();
      await window.keyboard.press('Control+End');
      await window.keyboard.type(index === 0 ? ' and mine' : ' and theirs');
      await window.getByText('Not saved: Mailroom does not answer.').waitFor();
    }
    await stack.db.deleteFrom('sessions').execute();
    for (const { window } of windows) {
      await window.unroute('**/api/v1/drafts/*');
      await window.getByRole('heading', { name: 'Your session has ended' }).waitFor({ timeout: 20_000 });
    }
    await page.getByRole('link', { name: 'Sign in' }).click();
    await page.getByText('The text of this draft was also changed in another window').waitFor({ timeout: 20_000 });
    await other.getByText('The text of this draft was also changed in another window').waitFor({ timeout: 20_000 });
    await button('Keep both').click();
    await saved();
    // The person goes to the other window.
    await other.evaluate("document.dispatchEvent(new Event('visibilitychange', { bubbles: true }))");
    for (const { words } of windows) {
      await words.getByText('First and mine').waitFor();
      await words.getByText('First and theirs').waitFor();
    }
    await other.getByText(/^Saved \d/).waitFor();
    await other.close();
    expect(await page.evaluate('Object.keys(localStorage).filter((key) => key.includes("mailroom-answer"))')).toEqual(
      [],
    );
  });

  it('wait for the network to come back, are sent once, and what others did is there again', async () => {
    const { page } = admin;
    const context = page.context();
    await context.setOffline(true);
    await text().click();
    await page.keyboard.press('Control+End');
    await page.keyboard.type(' without a network');
    await page.getByText('Not saved: Mailroom does not answer.').waitFor();
    await page.keyboard.press('Control+Enter');
    await page.getByText('The answer was not sent, because its text could not be saved.').waitFor();
    await page.keyboard.press('Escape');
    await page.keyboard.press('c');
    await page
      .getByText(/^Mailroom does not answer/)
      .first()
      .waitFor();
    await stack.mailroom.post(`/items/${items.Complaint}/claim`, {});
    await context.setOffline(false);
    await saved();
    await page.getByText(/^Claimed by .*test/).waitFor();
    await stack.mailroom.post(`/items/${items.Complaint}/release`);
    await button('Claim').waitFor();
    await page.getByText('Not saved: Mailroom does not answer.').waitFor({ state: 'detached' });
    // The answer to the request gets lost: the next attempt is the same request.
    const losesAnswer = async (route: Route) => {
      await route.fetch();
      await route.abort();
    };
    await page.route('**/api/v1/drafts/*/send', losesAnswer, { times: 1 });
    await text().click();
    await page.keyboard.press('Control+Enter');
    await page.getByText('so it is not known whether this was done').waitFor();
    await page.keyboard.press('Control+Enter');
    await page.getByText(/^Will be sent in \d+ seconds?$/).waitFor();
    await page.getByText(/^Sent /).waitFor({ timeout: 20_000 });
    const simulator = createSimulatorControl(stack.simulatorUrl);
    const { mails } = await simulator.call<{ mails: readonly { subject: string }[] }>(
      'GET',
      `/outbox?mailbox=${ADDRESS}&top=10`,
    );
    expect(mails.filter(({ subject }) => subject === 'Re: Complaint')).toHaveLength(1);
    // The keys that send leave no line break behind.
    const { body } = await stack.db
      .selectFrom('answers')
      .select('body')
      .where('itemId', '=', items.Complaint ?? '')
      .executeTakeFirstOrThrow();
    expect(body).toMatch(/ without a network<\/p>$/);
  });

  it('are sent automatically by a queue, whose administrator writes the acknowledgement', async () => {
    const { page } = admin;
    await page.goto(`${stack.mailroom.url}/queues`);
    await page.getByRole('button', { name: 'Edit: Desk' }).click();
    await page.getByRole('checkbox', { name: 'Acknowledge new mail automatically' }).click();
    await page.getByRole('textbox', { name: 'Acknowledgement' }).waitFor();
    await button('Save').click();
    await page.getByRole('dialog').getByRole('alert').waitFor();
    await page.getByRole('textbox', { name: 'Acknowledgement' }).click();
    await page.keyboard.type('Dear {{customer.name}}, thank you.');
    await page.getByRole('textbox', { name: /^Days until/ }).fill('3');
    await admin.expectAccessible('light');
    await button('Save').click();
    await page.getByRole('dialog').waitFor({ state: 'detached' });
    const { queues } = await stack.mailroom.get<{ queues: readonly { acknowledgement: unknown }[] }>('/queues');
    expect(queues.map(({ acknowledgement }) => acknowledgement)).toContainEqual({
      html: expect.stringMatching(/^<p[^<]*>Dear {{customer\.name}}, thank you\.<\/p>$/),
      everyDays: 3,
    });
  });
});
