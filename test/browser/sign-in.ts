import type { Page } from 'playwright-core';

/** Enters address and password on the simulated Microsoft's own pages, and approves what is asked. */
export async function signInAtMicrosoft(page: Page, address: string): Promise<void> {
  await page.getByLabel('Email address').fill(address);
  await page.getByRole('button', { name: 'Next' }).click();
  await page.getByLabel('Password').fill('any');
  await page.getByRole('button', { name: 'Sign in' }).click();
}

/** Opens a page of Mailroom and signs in on the way; ends on that page. */
export async function openSignedIn(page: Page, url: string, address: string): Promise<void> {
  await page.goto(url);
  await page.getByRole('link', { name: 'Sign in' }).click();
  await signInAtMicrosoft(page, address);
  await page.waitForURL(url);
  await page.getByRole('navigation', { name: 'Main navigation' }).waitFor();
}
