import { expect, test } from '../support/test.js';

test('somebody signs in, sees their work, and signs out', async ({ as, region }) => {
  const page = await as(null);
  await page.goto('/patienten');
  await expect(page.getByRole('heading', { level: 1 })).toHaveText('Inloggen');
  await page.getByLabel('Gebruikersnaam').fill('gp');
  await page.getByLabel('Wachtwoord').fill(region.people.gp.password);
  await page.getByRole('button', { name: 'Log in' }).click();
  // Back to where they wanted to be.
  await expect(page.getByRole('heading', { level: 1 })).toHaveText('Patiënten');
  await page.getByRole('link', { name: 'Mijn werk' }).click();
  await expect(page.getByRole('heading', { level: 1 })).toHaveText('Mijn werk');
  await page.getByRole('button', { name: 'Uitloggen' }).click();
  await page.goto('/patienten');
  await expect(page.getByRole('heading', { level: 1 })).toHaveText('Inloggen');
});

test('a wrong password is told without saying which of the two is wrong', async ({ as }) => {
  const page = await as(null);
  await page.goto('/inloggen');
  await page.getByLabel('Gebruikersnaam').fill('nobody');
  await page.getByLabel('Wachtwoord').fill('wrong');
  await page.getByRole('button', { name: 'Log in' }).click();
  const errors = page.getByRole('alert');
  await expect(errors).toContainText('Deze gebruikersnaam en dit wachtwoord horen niet bij elkaar');
  await expect(page).toHaveTitle(/^Fout: /);
  await expect(page.getByLabel('Gebruikersnaam')).toHaveValue('nobody');
  await expect(page.getByLabel('Wachtwoord')).toHaveValue('');
});
