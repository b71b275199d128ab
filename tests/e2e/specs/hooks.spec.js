// An administrator says where a system is told of changes.
import { expectAccessible } from '../support/axe.js';
import { expect, test } from '../support/test.js';

/** axe needs scripts; everything else must work without. */
async function look(page, name, info) {
  if (info.project.use.javaScriptEnabled !== false) await expectAccessible(page, name);
}

test('a webhook is registered, tried, set to rest and removed', async ({ as }, info) => {
  const page = await as('organisation-admin');
  const mark = `${info.project.name}-${Date.now()}/einde`;
  const address = `https://his.voorbeeld.test/tijdig/${mark}`;
  const button = (says) => page.getByRole('button', { name: new RegExp(`^${says}.*${mark}$`) });
  await page.goto('/beheer');
  await page.getByRole('link', { name: 'Koppelingen van Dossierhouder Overveld (koppeling)' }).click();
  await expect(page.getByRole('heading', { level: 1, name: 'Koppelingen' })).toBeVisible();
  await look(page, 'systems', info);

  await page.getByLabel('Adres', { exact: true }).fill('http://his.voorbeeld.test/');
  await page.getByRole('button', { name: 'Voeg adres toe' }).click();
  await expect(page.getByLabel('Adres', { exact: true })).toHaveValue('http://his.voorbeeld.test/');
  await expect(page.locator('main')).toContainText('Het adres begint met https://.');
  await look(page, 'systems, with mistakes', info);

  await page.getByLabel(/^webhook/).check();
  await page.getByLabel('Adres', { exact: true }).fill(address);
  await page.getByRole('button', { name: 'Voeg adres toe' }).click();
  await expect(page.getByRole('heading', { level: 1, name: 'Het geheim van deze webhook' })).toBeVisible();
  await expect(page.locator('code.secret')).toHaveText(/^[A-Za-z0-9_-]{43}$/);
  await look(page, 'the secret of a webhook', info);

  await page.getByRole('link', { name: 'Ik heb het bewaard' }).click();
  await expect(page.locator('main')).toContainText(address);
  await button('Stuur proefbericht').click();
  await expect(page.locator('main')).toContainText('Het proefbericht gaat nu weg.');
  await button('Zet stil').click();
  await expect(button('Zet weer aan')).toBeVisible();
  await look(page, 'a webhook that rests', info);
  await button('Haal weg').click();
  await expect(page.locator('main')).toContainText('Het adres is weggehaald.');
  await expect(page.locator('main')).not.toContainText(address);
});
