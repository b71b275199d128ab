// The patient's own way in: the letter with the code, and the sign-in that it opens.
import { expect } from './test.js';

/** The letter that the doctor prints: all that the newcomer has. */
export async function letterFor(gp, patient) {
  await gp.goto(`/patienten/${patient.id}/eigen-toegang`);
  await gp.getByLabel('De patiënt zelf: ziet en kiest alles').check();
  await gp.getByRole('button', { name: 'Maak de brief' }).click();
  await expect(gp.getByRole('heading', { level: 1 })).toHaveText('Lees het plan voor uw zorg');
  const address = (await gp.locator('.steps strong').first().textContent()).trim();
  const code = (await gp.locator('.code').textContent()).trim();
  return { address, code };
}

/** As it is written here: day first; a year may be all that is known. */
export const dutchDay = (date) => date.split('-').reverse().join('-');

/** Signs in as the patient, with a letter of their own: nobody else is at that page. */
export async function enterAsPatient(gp, page, patient) {
  const { address, code } = await letterFor(gp, patient);
  await page.goto(address);
  await page.getByLabel('De code uit de brief').fill(code);
  await page.getByLabel('De geboortedatum van de patiënt').fill(dutchDay(patient.birth_date));
  await page.getByRole('button', { name: 'Ga verder' }).click();
  const username = `eigen-${code.toLowerCase()}`;
  const password = 'een zin om te onthouden';
  await page.getByLabel('Gebruikersnaam').fill(username);
  await page.getByLabel('Wachtwoord', { exact: true }).fill(password);
  await page.getByLabel('Hetzelfde wachtwoord nog een keer').fill(password);
  await page.getByRole('button', { name: 'Maak mijn inlog' }).click();
  await expect(page.getByRole('status')).toContainText('Uw inlog is gemaakt');
  await page.getByLabel('Gebruikersnaam').fill(username);
  await page.getByLabel('Wachtwoord', { exact: true }).fill(password);
  await page.getByRole('button', { name: 'Log in' }).click();
  await expect(page.getByRole('heading', { level: 1 })).toHaveText('Mijn plan');
}
