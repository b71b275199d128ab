import { expectAccessible } from '../support/axe.js';
import { expect, test } from '../support/test.js';

test('material is found by filter, given to a patient, and stands where a conversation is prepared', async ({ as, patient }) => {
  const nurse = await as('district-nurse');
  await nurse.goto('/toolkit');
  await nurse.getByLabel('In welke taal?').selectOption({ label: 'Turks' });
  await nurse.getByRole('button', { name: 'Toon' }).press('Enter');
  await expect(nurse).toHaveURL(/taal=tr/);
  await expect(nurse.getByText('1 stuk.')).toBeVisible();
  await nurse.getByRole('link', { name: 'Informatiekaarten over palliatieve zorg', exact: true }).press('Enter');
  await nurse.getByLabel('Achternaam van uw patiënt').fill(patient.name.split(' ').at(-1));
  await nurse.getByLabel('Geboortedatum of geboortejaar').fill(patient.birth_date);
  await nurse.getByRole('button', { name: 'Zoek' }).press('Enter');
  await nurse.locator(`a[href^="/patienten/${patient.id}/materiaal"]`).press('Enter');
  await nurse.getByRole('button', { name: 'Leg vast' }).press('Enter');
  await expect(nurse.getByRole('alert')).toContainText('Kies aan wie u het gaf.');
  await nurse.getByLabel('In welke taal?').selectOption({ label: 'Turks' });
  await nurse.getByRole('radio', { name: 'De patiënt en een naaste' }).check();
  await nurse.getByRole('radio', { name: 'Meegegeven en uitgelegd' }).check();
  await nurse.getByRole('button', { name: 'Leg vast' }).press('Enter');
  await expect(nurse.getByRole('status')).toContainText('Vastgelegd');
  await expect(nurse.getByText(/Pharos\), in het Turks: meegegeven/).first()).toBeVisible();
});

test('an administrator keeps own material, as a link', async ({ as }, info) => {
  const admin = await as('organisation-admin');
  const title = `Regionale werkwijze ${info.project.name}`;
  await admin.goto('/beheer');
  await admin.getByRole('link', { name: /^Eigen materiaal/ }).first().press('Enter');
  await admin.getByRole('button', { name: 'Voeg toe' }).press('Enter');
  await expect(admin.getByRole('alert')).toContainText('Schrijf hoe het heet.');
  await admin.getByLabel('Hoe heet het?').fill(title);
  await admin.getByLabel('Adres van de pagina').fill('https://netwerk.example/werkwijze');
  await admin.getByRole('checkbox', { name: 'Netwerkcoördinator' }).check();
  await admin.getByLabel('Waar gaat het over?').selectOption({ label: 'Afspraken en organisatie' });
  await admin.getByRole('checkbox', { name: 'Nederlands' }).check();
  await admin.getByRole('button', { name: 'Voeg toe' }).press('Enter');
  await expect(admin.getByRole('status')).toContainText('Uw mensen vinden dit nu in de toolkit');
  await admin.goto('/toolkit?voor=coordinator');
  await expect(admin.getByRole('link', { name: title, exact: true })).toBeVisible();
});

test('the pages of the toolkit pass axe, and fit at 320 pixels @script', async ({ as, patient }) => {
  test.slow();
  const gp = await as('gp');
  const admin = await as('organisation-admin');
  await admin.goto('/beheer');
  const own = await admin.getByRole('link', { name: /^Eigen materiaal/ }).first().getAttribute('href');
  for (const [page, name, path] of [
    [gp, 'the toolkit', '/toolkit'],
    [gp, 'a piece of material', '/toolkit/notitieboekje'],
    [gp, 'giving material', `/patienten/${patient.id}/materiaal`],
    [admin, 'own material', own],
  ]) {
    await page.setViewportSize({ width: 1280, height: 900 });
    await page.goto(path);
    await expectAccessible(page, name);
    await page.setViewportSize({ width: 320, height: 800 });
    const sideways = () => page.evaluate(() => document.documentElement.scrollWidth - document.documentElement.clientWidth);
    expect.soft(await sideways(), `${name} at 320 pixels`).toBeLessThanOrEqual(0);
  }
});
