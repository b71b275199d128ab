// What stands on paper.
import { execFileSync } from 'node:child_process';
import { expect } from '@playwright/test';

/** The text of a PDF that this page links to, in the order of reading. */
export async function textOf(page, link) {
  const file = await page.request.get(await link.getAttribute('href'));
  expect(file.status()).toBe(200);
  expect(file.headers()['content-type']).toBe('application/pdf');
  return execFileSync('pdftotext', ['-', '-'], { input: await file.body(), encoding: 'utf8' }).replaceAll(/\s+/g, ' ');
}
