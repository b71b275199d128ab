import { expectAccessible } from '../support/axe.js';
import { expect, test } from '../support/test.js';

const extract = (rows) => ({
  name: 'uit.csv',
  mimeType: 'text/csv',
  buffer: Buffer.from(['patientnummer;geboortejaar;icpc;episode_begin', ...rows].join('\n')),
});

test('an extract is tried, brought in, and taken back', async ({ as }, info) => {
  const gp = await as('gp');
  const number = `proef-${info.project.name}`;
  await gp.goto('/praktijk/extract');
  await gp.getByRole('button', { name: 'Kijk wat erin staat' }).press('Enter');
  await expect(gp.getByRole('alert')).toContainText('Kies een bestand.');
  await gp.getByLabel('Bestand (CSV)').setInputFiles(extract([`${number};;P70;2024-03-03`, `${number};;P7O;2024-03-03`]));
  await gp.getByRole('button', { name: 'Kijk wat erin staat' }).press('Enter');
  await expect(gp.getByRole('status')).toContainText('2 rijen gelezen, 1 met een fout. Er is nog niets ingelezen.');
  await expect(gp.getByText('Rij 3', { exact: true })).toBeVisible();
  const faults = gp.waitForEvent('download');
  await gp.getByRole('link', { name: 'Haal de rijen op om te herstellen' }).click();
  expect((await faults).suggestedFilename()).toBe('rijen-om-te-herstellen.csv');
  await gp.getByRole('button', { name: 'Lees de goede rijen in' }).press('Enter');
  await expect(gp.getByText('Het extract is ingelezen.')).toBeVisible();
  await gp.getByRole('button', { name: 'Draai dit extract terug' }).press('Enter');
  await expect(gp.getByText('Het extract is teruggedraaid.')).toBeVisible();
});

test('a candidate says which code and day caused it, and becomes a signal', async ({ as }) => {
  const gp = await as('gp');
  await gp.goto('/praktijk/kandidaten');
  await expect(gp.getByText(/episode sinds|jaar\)|declaratie 13034/).first()).toBeVisible();
  await gp.getByRole('link', { name: 'Regels', exact: true }).press('Enter');
  await expect(gp.getByRole('heading', { name: 'VIPLive, Patiëntenlijst ACP' })).toBeVisible();
});

test('the pages of a practice pass axe, and fit at 320 pixels @script', async ({ as }) => {
  test.slow();
  const gp = await as('gp');
  await gp.goto('/praktijk/extract');
  const one = await gp.locator('a[href^="/praktijk/extract/"]').first().getAttribute('href');
  for (const [name, path] of [
    ['extracts', '/praktijk/extract'],
    ['one extract', one],
    ['candidates', '/praktijk/kandidaten'],
    ['rules', '/praktijk/kandidaten/regels'],
    ['claims', '/declaraties'],
    ['contracts', '/declaraties/contracten'],
  ]) {
    await gp.setViewportSize({ width: 1280, height: 900 });
    await gp.goto(path);
    await expectAccessible(gp, name);
    await gp.setViewportSize({ width: 320, height: 800 });
    const sideways = () => gp.evaluate(() => document.documentElement.scrollWidth - document.documentElement.clientWidth);
    expect.soft(await sideways(), `${name} at 320 pixels`).toBeLessThanOrEqual(0);
  }
});
