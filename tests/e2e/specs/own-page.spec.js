import { expectAccessible } from '../support/axe.js';
import { tabTo } from '../support/keyboard.js';
import { expect, test } from '../support/test.js';

/** Goes to what has this role and name by Tab, and presses Enter. */
async function press(page, role, name) {
  const target = page.getByRole(role, { name, exact: true });
  await tabTo(page, target);
  await page.keyboard.press('Enter');
}

async function type(page, label, text) {
  const field = page.getByLabel(label, { exact: true });
  await tabTo(page, field);
  await page.keyboard.press('ControlOrMeta+A');
  await page.keyboard.type(text);
}

/** The letter that the doctor prints: all that the newcomer has. */
async function letterFor(gp, patient) {
  await gp.goto(`/patienten/${patient.id}/eigen-toegang`);
  await gp.getByLabel('De patiënt zelf: ziet en kiest alles').check();
  await gp.getByRole('button', { name: 'Maak de brief' }).click();
  await expect(gp.getByRole('heading', { level: 1 })).toHaveText('Lees het plan voor uw zorg');
  const address = (await gp.locator('.steps strong').first().textContent()).trim();
  const code = (await gp.locator('.code').textContent()).trim();
  return { address, code };
}

test('a newcomer with nothing but the letter gets in, reads who looked, and withdraws consent', async ({ as, patient, fhir, region }, info) => {
  const withScripts = info.project.use.javaScriptEnabled !== false;
  const axe = async (page, name) => {
    if (withScripts) await expectAccessible(page, name);
  };
  test.slow();
  const gp = await as('gp');
  const { address, code } = await letterFor(gp, patient);
  await axe(gp, 'the letter');

  const page = await as(null);
  await page.goto(address);
  await axe(page, 'welcome');
  await type(page, 'De code uit de brief', code.toLowerCase().replaceAll('-', ' '));
  await type(page, 'De geboortedatum van de patiënt', '01-01-1901');
  await press(page, 'button', 'Ga verder');
  await expect(page.getByRole('alert')).toContainText('horen niet bij elkaar');
  await axe(page, 'welcome, a wrong birth date');
  const [year, month, day] = patient.birth_date.split('-');
  await type(page, 'De geboortedatum van de patiënt', [day, month, year].filter(Boolean).join('-'));
  await press(page, 'button', 'Ga verder');
  await expect(page.getByRole('heading', { level: 1 })).toHaveText('Kies uw inlog');
  await axe(page, 'choosing a sign-in');
  const username = `nieuw-${code.toLowerCase()}`;
  await type(page, 'Gebruikersnaam', username);
  await type(page, 'Wachtwoord', 'een zin om te onthouden');
  await type(page, 'Hetzelfde wachtwoord nog een keer', 'een zin om te onthouden');
  await press(page, 'button', 'Maak mijn inlog');
  await expect(page.getByRole('status')).toContainText('Uw inlog is gemaakt');
  await type(page, 'Gebruikersnaam', username);
  await type(page, 'Wachtwoord', 'een zin om te onthouden');
  await press(page, 'button', 'Log in');
  await expect(page.getByRole('heading', { level: 1 })).toHaveText('Mijn plan');
  await axe(page, 'the own page');

  await press(page, 'link', 'Lees het hele plan');
  await expect(page.getByText('Reanimeren is: proberen het hart')).toBeVisible();
  await axe(page, 'the own plan');
  await press(page, 'link', 'Mijn plan');

  await press(page, 'link', 'Kijk wie er in het plan keek');
  await expect(page.getByText(/Sanne van Huissen \(huisarts, .*\) regelde de eigen toegang/).first()).toBeVisible();
  await axe(page, 'who looked');
  await press(page, 'link', 'Mijn plan');

  await press(page, 'link', 'Wie het plan mag zien, of niet meer');
  await axe(page, 'consent');
  await press(page, 'button', 'Trek alle toestemming in');
  await expect(page.getByText('Er is nog niets veranderd.')).toBeVisible();
  await axe(page, 'consent, what would change');
  await press(page, 'button', 'Ja, zo wil ik het');
  await expect(page.getByRole('status')).toContainText('geldt vanaf nu');
  await expect(page.getByText('Alleen als u zelf niets kunt zeggen').first()).toBeVisible();

  await page.goto(page.url().replace('/toestemming', '/rechten').split('?')[0]);
  await type(page, 'Wat wilt u dat zorgverleners lezen?', 'Ik wil graag thuis blijven.');
  await press(page, 'button', 'Zet dit bij het plan');
  await expect(page.getByRole('status')).toContainText('staat bij het plan');
  await axe(page, 'rights');
  await gp.goto(`/patienten/${patient.id}/plan`);
  await expect(gp.getByText('Ik wil graag thuis blijven.')).toBeVisible();
  await gp.goto(`/patienten/${patient.id}/verzoeken`);
  await axe(gp, 'requests');
});
