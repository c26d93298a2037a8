import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import axe, { type AxeResults } from 'axe-core';
import { type BrowserContext, type BrowserContextOptions, chromium, type Locator, type Page } from 'playwright-core';
import { expect } from 'vitest';
import { findChromium } from '../../scripts/day/find-chromium.ts';

const quiet = [
  '--no-sandbox',
  '--disable-gpu',
  '--disable-quic',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
];

/** Pages answer within this on two busy cores, in milliseconds. */
const PATIENCE_MS = 8_000;

/** Runs in the page: what reaches beyond its right edge, when the page scrolls sideways. */
const STICKING_OUT = `document.documentElement.scrollWidth <= innerWidth ? [] :
  [...document.querySelectorAll('body *')]
    .filter((element) => element.getBoundingClientRect().right > innerWidth && !element.closest('.table-scroll'))
    .map((element) => element.tagName + '.' + element.className + ': ' + element.textContent.slice(0, 40))`;

/** Runs in the page: half-way between two colours no text has its contrast. */
const UNTIL_COLOURS_HAVE_CHANGED = `Promise.allSettled(document.getAnimations()
  .filter((animation) => animation instanceof CSSTransition)
  .map((animation) => animation.finished))`;

export interface Visitor {
  readonly page: Page;
  /**
   * Fails when a page has told the console an error, or its policy was violated. Chromium also tells of every refused
   * request: a journey names the statuses with which it is refused on purpose.
   */
  expectNoComplaints(refusals?: readonly number[]): void;
  /** Axe finds nothing, in the colours given. */
  expectAccessible(colorScheme?: 'light' | 'dark'): Promise<void>;
  /** Nothing sticks out of the window sideways; what scrolls by itself may. */
  expectFits(): Promise<void>;
  close(): Promise<void>;
}

/** Waits until the keyboard is here. */
export async function expectFocus(where: Locator): Promise<void> {
  await where.and(where.page().locator(':focus')).waitFor();
}

/** Runs in the page: until it was painted twice. */
const TWO_FRAMES = 'new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done)))';

/**
 * Clicks as a hand does: moves to where the control was seen, presses, and lets go a moment later. Fails when it moves in
 * between, so that the click would be lost.
 */
export async function pressWhereSeen(control: Locator): Promise<void> {
  const page = control.page();
  await control.scrollIntoViewIfNeeded();
  const seen = await control.boundingBox();
  if (seen === null) throw new Error('The control is not to be seen');
  await page.mouse.move(seen.x + seen.width / 2, seen.y + seen.height / 2);
  await page.mouse.down();
  await page.evaluate(TWO_FRAMES);
  const pressed = await control.boundingBox();
  // A pressed button gives way by a pixel.
  expect(Math.abs((pressed?.y ?? Number.NaN) - seen.y), 'by how far the pressed control has moved').toBeLessThan(2);
  expect(pressed?.x).toBeCloseTo(seen.x);
  await page.mouse.up();
}

/** Fails when what is done meanwhile moves the control, which a person may be about to press. */
export async function expectUnmoved(control: Locator, act: () => Promise<unknown>): Promise<void> {
  const before = await control.boundingBox();
  await act();
  expect(await control.boundingBox()).toEqual(before);
}

const usual = { viewport: { width: 1280, height: 900 }, locale: 'en-GB' };

/**
 * A Chromium of this test file, with further switches. Each visitor has cookies of their own, in a private window, from
 * which Chromium sends none to other sites.
 */
export async function startBrowser(...switches: readonly string[]) {
  const browser = await chromium.launch({ executablePath: findChromium(), args: [...quiet, ...switches] });
  return {
    visit: async (options: BrowserContextOptions = {}) =>
      await visitorOf(await browser.newContext({ ...usual, ...options })),
    close: () => browser.close(),
  };
}

/**
 * A Chromium whose settings allow cookies of third parties, which takes a profile in a folder. Closing the visitor ends it.
 */
export async function visitWithThirdPartyCookies(folder: string, options: BrowserContextOptions): Promise<Visitor> {
  mkdirSync(join(folder, 'Default'));
  writeFileSync(join(folder, 'Default', 'Preferences'), JSON.stringify({ profile: { cookie_controls_mode: 0 } }));
  const launched = { executablePath: findChromium(), args: quiet };
  return await visitorOf(await chromium.launchPersistentContext(folder, { ...launched, ...usual, ...options }));
}

async function visitorOf(context: BrowserContext): Promise<Visitor> {
  context.setDefaultTimeout(PATIENCE_MS);
  const complaints: string[] = [];
  context.on('console', (message) => {
    if (message.type() === 'error')
      complaints.push(`${message.page()?.url()}: ${message.text()} (${message.location().url})`);
  });
  context.on('weberror', (error) => complaints.push(String(error.error())));
  const page = await context.newPage();
  return {
    page,
    expectNoComplaints: (refusals = []) => {
      const isExpected = (line: string) => refusals.some((status) => line.includes(`with a status of ${status} (`));
      expect(complaints.splice(0).filter((line) => !isExpected(line))).toEqual([]);
    },
    async expectAccessible(colorScheme = 'light') {
      await page.emulateMedia({ colorScheme, reducedMotion: 'reduce' });
      const shown = () => page.locator('html').getAttribute('data-mantine-color-scheme');
      await expect.poll(shown, { timeout: PATIENCE_MS }).toBe(colorScheme);
      await page.evaluate(UNTIL_COLOURS_HAVE_CHANGED);
      // Not into frames: where mail is shown, no script can run, not even this one.
      await page.evaluate(axe.source);
      const { violations } = await page.evaluate<AxeResults>('axe.run(document, { iframes: false })');
      const found = violations.flatMap(({ id, nodes }) => nodes.map(({ html, target }) => ({ id, target, html })));
      expect(found, `${page.url()} in ${colorScheme}`).toEqual([]);
    },
    expectFits: async () => {
      await expect.poll(() => page.evaluate(STICKING_OUT), { message: page.url(), timeout: PATIENCE_MS }).toEqual([]);
    },
    close: () => context.close(),
  };
}
