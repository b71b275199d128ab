// WCAG 2.2 AA, as far as a machine can tell.
import AxeBuilder from '@axe-core/playwright';
import { expect } from '@playwright/test';

const RULES = ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice'];

/** Fails with what is wrong, where, and how to mend it. Also: no sideways scrolling, one h1, a title. */
export async function expectAccessible(page, name) {
  const result = await new AxeBuilder({ page }).withTags(RULES).analyze();
  const wrong = result.violations.flatMap((v) => v.nodes.map((node) => `${v.id}: ${node.target.join(' ')}\n    ${node.failureSummary}`));
  expect.soft(wrong.join('\n'), `axe on ${name}`).toBe('');
  await expect.soft(page.getByRole('heading', { level: 1 }), `one h1 on ${name}`).toHaveCount(1);
  expect.soft(await page.title(), `title of ${name}`).toMatch(/\S+.* · Tijdig$/);
  const sideways = await page.evaluate(() => document.documentElement.scrollWidth - document.documentElement.clientWidth);
  expect.soft(sideways, `${name} scrolls sideways`).toBeLessThanOrEqual(0);
}
