import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { chromium, type Page } from 'playwright-core';
import { DEFAULT_ADMINISTRATOR } from '../../simulator/entra/default-directory.ts';
import type { MailroomClient } from '../mailroom-client.ts';
import { findChromium } from './find-chromium.ts';
import { desks } from './plan.ts';
import type { PreparedDay } from './prepare-day.ts';

const widths = [1280, 360] as const;
const schemes = ['light', 'dark'] as const;
const QUIET_MS = 10_000;

/** Runs in the page: once its colours are those of the scheme, and until they are no longer on the way. */
const UNTIL_COLOURS_HAVE_CHANGED = `new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done)))
  .then(() => Promise.allSettled(document.getAnimations()
    .filter((animation) => animation instanceof CSSTransition)
    .map((animation) => animation.finished)))`;

interface PicturedPage {
  readonly name: string;
  readonly path: string;
  /** What is done before the picture. */
  readonly act?: (page: Page) => Promise<unknown>;
}

/** Takes a picture of every page in both colours and both widths, the German ones too; their files. */
export async function takePictures(
  mailroom: MailroomClient,
  url: string,
  day: PreparedDay,
  folder: string,
): Promise<readonly string[]> {
  mkdirSync(folder, { recursive: true });
  const browser = await chromium.launch({ executablePath: findChromium(), args: ['--no-sandbox', '--disable-gpu'] });
  const files: string[] = [];
  try {
    const context = await browser.newContext({ locale: 'en-GB', reducedMotion: 'reduce' });
    const page = await context.newPage();
    await signIn(page, url);
    for (const language of ['en', 'de']) {
      await page.evaluate((chosen) => localStorage.setItem('mailroom-language', chosen), language);
      for (const { name, path, act } of await picturedPages(mailroom, day)) {
        for (const width of widths) {
          await page.setViewportSize({ width, height: width === 360 ? 800 : 900 });
          await page.goto(`${url}${path}`);
          await page.locator('h1').first().waitFor();
          await act?.(page);
          await page.waitForLoadState('networkidle', { timeout: QUIET_MS }).catch(() => {});
          for (const colorScheme of schemes) {
            await page.emulateMedia({ colorScheme });
            await page.evaluate(UNTIL_COLOURS_HAVE_CHANGED);
            const file = join(folder, `${name}-${language}-${width}-${colorScheme}.png`);
            await page.screenshot({ path: file, fullPage: width === 360 });
            files.push(file);
          }
        }
      }
    }
  } finally {
    await browser.close();
  }
  return files;
}

async function picturedPages(mailroom: MailroomClient, day: PreparedDay): Promise<readonly PicturedPage[]> {
  const [first, second] = day.items;
  const german = day.queueIds.get(desks[1].queue);
  const answered = first?.id ?? '';
  await mailroom.post(`/items/${answered}/notes`, { text: 'The customer called, too.', mentions: [] });
  return [
    { name: 'accounts', path: '/config/email/accounts' },
    { name: 'settings', path: '/config/email/settings' },
    { name: 'account', path: `/config/email/accounts/${day.accountIds[0]}` },
    { name: 'canned', path: '/config/answers' },
    { name: 'queues', path: '/queues' },
    { name: 'queue', path: `/queues/${german}` },
    { name: 'mine', path: '/mine' },
    { name: 'search', path: '/search?q=mail' },
    { name: 'item', path: `/items/${second?.id}` },
    {
      name: 'answer',
      path: `/items/${answered}`,
      async act(page) {
        await page.locator('iframe.mail-frame, .mail-text').first().waitFor();
        const composer = page.locator('.composer');
        if (await composer.isVisible()) return;
        await page.locator('[aria-keyshortcuts="r"]').click();
        await composer.waitFor();
      },
    },
    { name: 'keys', path: `/items/${second?.id}`, act: (page) => page.keyboard.press('?') },
    { name: 'board', path: '/board' },
    { name: 'users', path: '/admin/users' },
    { name: 'missing', path: '/nothing-here' },
  ];
}

async function signIn(page: Page, url: string): Promise<void> {
  await page.goto(`${url}/queues`);
  await page.getByRole('link', { name: 'Sign in' }).click();
  await page.getByLabel('Email address').fill(DEFAULT_ADMINISTRATOR);
  await page.getByRole('button', { name: 'Next' }).click();
  await page.getByLabel('Password').fill('any');
  await page.getByRole('button', { name: 'Sign in' }).click();
  await page.getByRole('navigation', { name: 'Main navigation' }).waitFor();
}
