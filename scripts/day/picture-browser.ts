import { type BrowserContext, chromium, type Page } from 'playwright-core';
import { DEFAULT_ADMINISTRATOR } from '../../simulator/entra/default-directory.ts';
import { findChromium } from './find-chromium.ts';

const HEIGHT = 900;

/** Runs in the page: once its colours are those of the scheme, and until they are no longer on the way. */
const UNTIL_COLOURS_HAVE_CHANGED = `new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done)))
  .then(() => Promise.allSettled(document.getAnimations()
    .filter((animation) => animation instanceof CSSTransition)
    .map((animation) => animation.finished)))`;

interface Visitor {
  readonly locale: string;
  readonly isSignedIn: boolean;
  /** True for a telephone: it has no room for scroll bars, and is touched. */
  readonly isMobile?: boolean;
}

type Visit = (as: Visitor) => Promise<BrowserContext>;

/** Runs this with a browser in which an administrator is signed in: with that page, and with how to open others. */
export async function withSignedIn<Result>(
  url: string,
  run: (visit: Visit, page: Page) => Promise<Result>,
): Promise<Result> {
  const browser = await chromium.launch({ executablePath: findChromium(), args: ['--no-sandbox', '--disable-gpu'] });
  try {
    const first = await browser.newContext({ locale: 'en-GB' });
    const page = await first.newPage();
    await signIn(page, url);
    const storageState = await first.storageState();
    const visit: Visit = ({ isSignedIn, isMobile = false, locale }) =>
      browser.newContext({
        locale,
        isMobile,
        hasTouch: isMobile,
        reducedMotion: 'reduce',
        ...(isSignedIn && { storageState }),
      });
    return await run(visit, page);
  } finally {
    await browser.close();
  }
}

/**
 * Runs in the page: until it has asked for nothing for half a second, at most ten. Playwright's own `networkidle` never
 * comes: the page listens to changes for as long as it is open.
 */
const UNTIL_QUIET = `new Promise((done) => {
  let quietFor = 0;
  let known = -1;
  const timer = setInterval(() => {
    const { length } = performance.getEntriesByType('resource');
    quietFor = length === known && !document.querySelector('.mantine-Skeleton-root') ? quietFor + 1 : 0;
    known = length;
    if (quietFor >= 5 || performance.now() > 10_000) {
      clearInterval(timer);
      done();
    }
  }, 100);
})`;

export interface OpenedPage {
  readonly name: string;
  readonly path: string;
  /** What is done before the picture. */
  readonly act?: (page: Page) => Promise<unknown>;
}

/** The page in a window of this width, as it is once it is at rest. */
export async function openPage(
  context: BrowserContext,
  url: string,
  { name, path, act }: OpenedPage,
  { width, height = HEIGHT }: { readonly width: number; readonly height?: number },
): Promise<Page> {
  const page = await context.newPage();
  try {
    await page.setViewportSize({ width, height });
    await page.goto(`${url}${path}`);
    await page.locator('h1').first().waitFor();
    await page.locator('.mantine-Skeleton-root').first().waitFor({ state: 'detached' });
    await act?.(page);
    await page.evaluate(UNTIL_QUIET);
    return page;
  } catch (error) {
    throw new Error(`The page ${name} at ${width} px: ${String(error)}`);
  }
}

/** Shows the page in these colours. */
export async function showIn(page: Page, colorScheme: 'light' | 'dark'): Promise<void> {
  await page.emulateMedia({ colorScheme });
  await page.evaluate(UNTIL_COLOURS_HAVE_CHANGED);
}

/** Runs in the page: its height, or that of a window with the open dialog, which leaves 12 % free above and below. */
const WHOLE_HEIGHT = `(() => {
  const dialog = document.querySelector('[role=dialog] .mantine-Modal-body');
  const { scrollHeight } = dialog?.closest('.mantine-Modal-content') ?? document.documentElement;
  return dialog ? Math.ceil(scrollHeight * 1.4) : scrollHeight;
})()`;

/**
 * Makes the window as high as what it shows. Playwright's own `fullPage` makes it one pixel wide for a moment, and shows
 * what is fixed to an edge of the window in the middle of the page.
 */
export async function showWhole(page: Page, width: number): Promise<void> {
  const height = await page.evaluate<number>(WHOLE_HEIGHT);
  await page.setViewportSize({ width, height: Math.max(HEIGHT, height) });
}

async function signIn(page: Page, url: string): Promise<void> {
  await page.goto(`${url}/queues`);
  await page.getByRole('link', { name: 'Sign in' }).click();
  await enterAtMicrosoft(page, DEFAULT_ADMINISTRATOR);
  const refused = page.locator('main.bad');
  await page.getByRole('navigation', { name: 'Main navigation' }).or(refused).waitFor();
  if (await refused.isVisible()) throw new Error(await refused.innerText());
}

/** Signs in on the simulated provider's own pages. */
export async function enterAtMicrosoft(page: Page, address: string): Promise<void> {
  await page.getByLabel('Email address').fill(address);
  await page.getByRole('button', { name: 'Next' }).click();
  await page.getByLabel('Password').fill('any');
  await page.getByRole('button', { name: 'Sign in' }).click();
}
