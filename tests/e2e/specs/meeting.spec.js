import { expectAccessible } from '../support/axe.js';
import { day } from '../support/days.js';
import { expect, test } from '../support/test.js';

/** A meeting of the doctor's practice with home care, today; its address. */
async function called(page) {
  await page.goto('/overleg/nieuw');
  await page.getByRole('radio', { name: 'PaTz-overleg' }).check();
  await page.getByLabel('Op welke dag?').fill(day(0).typed);
  await page.getByLabel('Hoe laat?').fill('12:30');
  await page.getByLabel('Waar?').fill('vergaderkamer 2');
  await page.getByRole('checkbox', { name: 'Thuiszorg Nabij' }).check();
  await page.getByRole('button', { name: 'Maak het overleg' }).press('Enter');
  await expect(page.getByRole('status')).toContainText('Het overleg is bewaard');
  return new URL(page.url()).pathname;
}

/** Puts a patient on the list by name. */
async function listed(page, here, patient) {
  await page.goto(here);
  await page.getByLabel('Achternaam, of het begin ervan').fill(patient.name.split(' ').at(-1));
  await page.getByLabel('Geboortedatum of geboortejaar').fill(patient.birth_date);
  await page.getByRole('button', { name: 'Zoek' }).press('Enter');
  const found = page.getByRole('form', { name: 'Gevonden' });
  await found.locator(`input[value="${patient.id}"]`).check();
  await found.getByRole('button', { name: 'Zet op de lijst' }).press('Enter');
  await expect(page.getByRole('status')).toContainText('De lijst is bijgewerkt');
}

test('a meeting puts somebody on its list, decides, and what it agreed on is reported', async ({ as, patient }) => {
  const gp = await as('gp');
  const here = await called(gp);
  await gp.getByRole('link', { name: 'Wijzig dit overleg' }).click();
  await gp.getByRole('checkbox', { name: 'Saskia de Wit, wijkverpleegkundige' }).check();
  await gp.getByRole('button', { name: 'Bewaar het overleg' }).press('Enter');
  await expect(gp.getByText('Saskia de Wit, wijkverpleegkundige (Thuiszorg Nabij)')).toBeVisible();
  await listed(gp, here, patient);

  await gp.goto(`${here}/patient/${patient.id}`);
  await gp.getByRole('button', { name: 'Leg vast' }).press('Enter');
  await expect(gp.getByRole('alert')).toContainText('Kies wat er is besloten');
  await gp.getByRole('checkbox', { name: 'Saskia de Wit, wijkverpleegkundige' }).check();
  await gp.getByLabel('Hoe gaat het nu?').fill('Wordt sneller moe.');
  await gp.getByRole('checkbox', { name: 'Een gesprek over wensen en grenzen voeren' }).check();
  const row = gp.getByRole('group', { name: 'Nieuwe taak 1' });
  await row.getByLabel('Wat gebeurt er?').fill('Plant het gesprek');
  await row.getByLabel('Wie doet het?').selectOption({ label: 'Saskia de Wit, wijkverpleegkundige (Thuiszorg Nabij)' });
  await row.getByLabel('Uiterlijk').fill(day(5).typed);
  await gp.getByRole('button', { name: 'Leg vast' }).press('Enter');
  await expect(gp.getByRole('status')).toContainText('Het is vastgelegd');
  const decided = gp.getByRole('region', { name: 'Wat is besloten' });
  await expect(decided).toContainText('Plant het gesprek');
  const sheet = await gp.request.get(`${here}/overleg.pdf`);
  expect(sheet.headers()['content-type']).toBe('application/pdf');

  const nurse = await as('district-nurse');
  await nurse.goto('/?soort=agreed');
  await nurse.locator(`a[href^="/patienten/${patient.id}/taken/"]`).first().press('Enter');
  await expect(nurse.getByText('Plant het gesprek (Saskia de Wit')).toBeVisible();
  await nurse.getByRole('radio', { name: 'Gedaan' }).check();
  await nurse.getByLabel('Wat is er gedaan, of waarom niet?').fill('Dinsdag om tien uur, met de dochter.');
  await nurse.getByRole('button', { name: 'Meld af' }).press('Enter');
  await expect(nurse.getByRole('status')).toContainText('De taak is afgemeld');
  await expect(nurse.getByRole('region', { name: 'Overleg en samenwerkingsplan' })).toContainText('Dinsdag om tien uur');
});

test('the pages of meetings pass axe, and fit at 320 pixels @script', async ({ as, patient }) => {
  test.slow();
  const page = await as('gp');
  const here = await called(page);
  await listed(page, here, patient);
  for (const [name, path] of [
    ['meetings', '/overleg'],
    ['calling a meeting', '/overleg/nieuw'],
    ['a meeting', here],
    ['changing a meeting', `${here}/wijzigen`],
    ['a patient in a meeting', `${here}/patient/${patient.id}`],
  ]) {
    await page.setViewportSize({ width: 1280, height: 900 });
    await page.goto(path);
    await expectAccessible(page, name);
    await page.setViewportSize({ width: 320, height: 800 });
    const sideways = () => page.evaluate(() => document.documentElement.scrollWidth - document.documentElement.clientWidth);
    expect.soft(await sideways(), `${name} at 320 pixels`).toBeLessThanOrEqual(0);
  }
  await page.goto(`${here}/patient/${patient.id}`);
  await page.getByRole('button', { name: 'Leg vast' }).click();
  await expect(page.getByRole('alert')).toContainText('Kies wat er is besloten');
  await expectAccessible(page, 'a patient in a meeting with a mistake');
});
