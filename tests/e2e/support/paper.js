// What stands on paper.
import { execFileSync } from 'node:child_process';
import { expect } from '@playwright/test';

/** A text without blanks and hyphens: where its lines were broken does not matter. */
const dense = (text) => text.replaceAll(/[\s\u00ad\u2010-]+/g, '');

/** Whether each of these stands in a PDF that this page links to. */
export async function expectOnPaper(page, link, said) {
  const file = await page.request.get(await link.getAttribute('href'));
  expect(file.status()).toBe(200);
  expect(file.headers()['content-type']).toBe('application/pdf');
  const text = execFileSync('pdftotext', ['-raw', '-', '-'], { input: await file.body(), encoding: 'utf8' });
  for (const words of said) {
    if (words instanceof RegExp) expect(text).toMatch(words);
    else expect(dense(text)).toContain(dense(words));
  }
}
