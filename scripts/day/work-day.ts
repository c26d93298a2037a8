import { type Browser, chromium, type Page } from 'playwright-core';
import { findChromium } from './find-chromium.ts';
import { AGENT, secondLine } from './plan.ts';

/** How one mail was worked. */
export interface WorkedMail {
  readonly subject: string;
  readonly how: Way;
  /** Keys pressed, the letters of the answer not among them. */
  readonly keys: number;
  /** From the mail being shown to the next one being shown, in milliseconds; typing takes no time. */
  readonly ms: number;
}

/** How long the page took to answer a key, in milliseconds. */
export interface Reaction {
  readonly to: string;
  readonly ms: number;
}

export interface WorkedDay {
  readonly mails: readonly WorkedMail[];
  readonly reactions: readonly Reaction[];
  /** From opening the first page to the list being empty, in milliseconds. */
  readonly totalMs: number;
}

const ways = ['reply', 'canned', 'reply', 'park', 'reply-all', 'undo', 'move', 'canned', 'note', 'reply'] as const;
type Way = (typeof ways)[number];

const PATIENCE_MS = 15_000;

/** Works so many mails of a queue from the sign-in to the last answer; the mouse is never used. */
export async function workDay(url: string, queue: string, count: number): Promise<WorkedDay> {
  const browser = await chromium.launch({ executablePath: findChromium(), args: ['--no-sandbox', '--disable-gpu'] });
  try {
    return await work(browser, url, queue, count);
  } finally {
    await browser.close();
  }
}

async function work(browser: Browser, url: string, queue: string, count: number): Promise<WorkedDay> {
  const context = await browser.newContext({ viewport: { width: 1280, height: 900 }, locale: 'en-GB' });
  context.setDefaultTimeout(PATIENCE_MS);
  const page = await context.newPage();
  const hands = createHands(page);
  const startedAt = performance.now();
  const mails: WorkedMail[] = [];
  await signIn(page, url, hands);
  await openQueue(page, queue, hands);
  await hands.reacts('claim the first', 'n', () => untilMailShown(page));
  for (let index = 0; index < count; index += 1) {
    const how = ways[index % ways.length] ?? 'reply';
    const before = { at: performance.now(), keys: hands.keys() };
    const subject = await page.locator('h1').innerText();
    try {
      await workOne(page, how, hands, index === count - 1);
    } catch (error) {
      await page.screenshot({ path: `mail-${index + 1}.png` });
      throw new Error(`Mail ${index + 1} (${how}), ${subject}: ${String(error)}`);
    }
    if (process.stdout.isTTY) process.stdout.write(`\r… ${index + 1} of ${count}`);
    mails.push({ subject, how, keys: hands.keys() - before.keys, ms: performance.now() - before.at });
  }
  return { mails, reactions: hands.reactions, totalMs: performance.now() - startedAt };
}

type Hands = ReturnType<typeof createHands>;

/** The keyboard, with a count of what was pressed and how long the page took to answer. */
function createHands(page: Page) {
  const reactions: Reaction[] = [];
  let keys = 0;
  async function press(key: string): Promise<void> {
    keys += 1;
    await page.keyboard.press(key);
  }
  return {
    reactions,
    keys: () => keys,
    press,
    type: (text: string) => page.keyboard.type(text),
    /** Presses a key, and waits for what it should bring. */
    async reacts(to: string, key: string, until: () => Promise<unknown>): Promise<void> {
      const at = performance.now();
      await press(key);
      await until();
      reactions.push({ to, ms: performance.now() - at });
    },
    /** Goes on with Tab until this has the keyboard. */
    async tabTo(name: RegExp, most = 40): Promise<void> {
      for (let pressed = 0; pressed < most; pressed += 1) {
        if (name.test(await page.evaluate<string>(FOCUSED))) return;
        await press('Tab');
      }
      throw new Error(`Tab does not lead to ${name}`);
    },
  };
}

/** Runs in the page: the words of what has the keyboard. */
const FOCUSED = `(() => {
  const element = document.activeElement;
  return [element?.getAttribute('aria-label'), element?.getAttribute('name'), element?.textContent].filter(Boolean).join(' ');
})()`;

async function signIn(page: Page, url: string, { press, tabTo, type }: Hands): Promise<void> {
  await page.goto(`${url}/queues`);
  await page.getByRole('link', { name: 'Sign in' }).waitFor();
  await tabTo(/^Sign in$/);
  await press('Enter');
  await page.getByLabel('Email address').waitFor();
  await type(AGENT);
  await press('Enter');
  await page.getByLabel('Password').waitFor();
  await type('any');
  await press('Enter');
  await page.getByRole('navigation', { name: 'Main navigation' }).waitFor();
}

async function openQueue(page: Page, queue: string, { press, reacts }: Hands): Promise<void> {
  const row = page.locator('main a.row-link', { hasText: queue }).first();
  await row.waitFor();
  const names = await page.locator('main a.row-link').allInnerTexts();
  for (let steps = names.findIndex((name) => name.includes(queue)); steps >= 0; steps -= 1) await press('j');
  await reacts('open the queue', 'o', () => page.getByRole('heading', { level: 1, name: queue }).waitFor());
}

/** Until the mail of the open item can be read. */
async function untilMailShown(page: Page, after?: string): Promise<void> {
  if (after !== undefined) await page.waitForURL((url) => url.pathname !== after);
  await page.locator('h1').waitFor();
  await page.locator('iframe.mail-frame, .mail-text').first().waitFor();
}

async function workOne(page: Page, how: Way, hands: Hands, isLast: boolean): Promise<void> {
  const { press, type, reacts } = hands;
  const here = new URL(page.url()).pathname;
  const heading = await page.locator('h1').elementHandle();
  const next = async () => {
    await heading?.waitForElementState('hidden');
    await (isLast ? page.getByRole('button', { name: 'Claim the next' }).waitFor() : untilMailShown(page, here));
  };
  const text = page.getByRole('textbox', { name: 'Text of the answer' });
  const focused = (where: typeof text) => where.and(page.locator(':focus')).waitFor();
  const dialog = () => page.locator('[role="dialog"] :focus').waitFor();
  const status = (words: string) => page.getByRole('status').getByText(words).waitFor();
  const answer = async (key: string) => {
    await reacts('begin an answer', key, () => focused(text));
    await type('Thank you for your mail, we look into it and write again tomorrow.');
  };
  const send = async (isAgain = false): Promise<void> => {
    const to = page.getByRole('combobox', { name: 'To' });
    const confirm = page.getByRole('dialog', { name: 'Send this answer?' });
    const at = performance.now();
    await press('Control+Shift+Enter');
    const outcome = await Promise.any([
      next().then(() => 'sent'),
      confirm.waitFor().then(() => 'doubted'),
      ...(isAgain ? [] : [focused(to).then(() => 'without recipient')]),
    ]);
    if (outcome === 'sent') hands.reactions.push({ to: 'send, complete, next', ms: performance.now() - at });
    if (outcome === 'without recipient') {
      // An address that is none is taken away first.
      if (await page.getByText('Not an e-mail address').isVisible()) await press('Backspace');
      await type('customer@example.net');
      await press('Enter');
      return await send(true);
    }
    // Mail of programs is answered only when the agent says so: the other button, then Enter.
    if (outcome === 'doubted') {
      await press('Shift+Tab');
      await press('Enter');
      await next();
    }
  };
  switch (how) {
    case 'reply':
      await answer('r');
      return await send();
    case 'reply-all':
      await answer('a');
      return await send();
    case 'canned':
      await reacts('begin an answer', 'r', () => focused(text));
      await reacts('canned answers', '/', () => focused(page.getByRole('combobox', { name: 'Search canned answers' })));
      await type('refund');
      await reacts('insert', 'Enter', () => focused(text));
      return await send();
    case 'undo':
      await answer('r');
      await send();
      await reacts('undo send', 'z', () => focused(text));
      await text.getByText('write again tomorrow').waitFor();
      return await send();
    case 'park':
      await reacts('park', 'p', dialog);
      await reacts('parked', 'Enter', () => status('parked'));
      return await reacts('next', 'n', next);
    case 'move':
      await reacts('move', 'm', dialog);
      await type(secondLine);
      await press('Tab');
      await press('Tab');
      await type('Knows this machine better than we do.');
      await reacts('moved', 'Control+Enter', () => status('moved'));
      return await reacts('next', 'n', next);
    case 'note':
      await reacts('note', 'i', () => focused(page.getByRole('textbox', { name: 'Add note' })));
      await type('Called the customer, all is well.');
      await reacts('add the note', 'Control+Enter', () => status('The note is added'));
      await press('Escape');
      return await reacts('complete, next', 'd', next);
  }
}
