import { expectAccessible } from '../support/axe.js';
import { tabTo } from '../support/keyboard.js';
import { dutchDay, letterFor } from '../support/letter.js';
import { Fhir } from '../support/fhir.js';
import { expect, test } from '../support/test.js';
import { code as digits } from '../support/totp.js';

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

const PASSWORD = 'een zin om te onthouden';

async function signIn(page, username, password) {
  await type(page, 'Gebruikersnaam', username);
  await type(page, 'Wachtwoord', password);
  await press(page, 'button', 'Log in');
}

test('a newcomer with nothing but the letter gets in, reads who looked, and withdraws consent', async ({ as, patient, region }, info) => {
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
  await type(page, 'De geboortedatum van de patiënt', dutchDay(patient.birth_date));
  await press(page, 'button', 'Ga verder');
  await expect(page.getByRole('heading', { level: 1 })).toHaveText('Kies uw inlog');
  await axe(page, 'choosing a sign-in');
  const username = `nieuw-${code.toLowerCase()}`;
  await type(page, 'Gebruikersnaam', username);
  await type(page, 'Wachtwoord', PASSWORD);
  await type(page, 'Hetzelfde wachtwoord nog een keer', PASSWORD);
  await press(page, 'button', 'Maak mijn inlog');
  await expect(page.getByRole('status')).toContainText('Uw inlog is gemaakt');
  await signIn(page, username, PASSWORD);
  await expect(page.getByRole('heading', { level: 1 })).toHaveText('Mijn plan');

  // A second step of her own: codes of an app, which the next sign-in asks for.
  await press(page, 'link', (await page.locator('form.me a[href="/account"]').textContent()).trim());
  await press(page, 'link', 'Voeg codes van een app toe');
  const secret = await page.locator('code.secret').innerText();
  const begun = Date.now();
  await type(page, 'De code die de app nu toont', digits(secret, begun));
  await type(page, 'Hoe noemt u dit apparaat?', 'Mijn telefoon');
  await press(page, 'button', 'Zet codes aan');
  await expect(page.getByRole('heading', { level: 1 })).toHaveText('Uw herstelcodes');
  await press(page, 'button', 'Uitloggen');
  await signIn(page, username, PASSWORD);
  await expect(page.getByRole('heading', { level: 1 })).toHaveText('Tweede stap');
  await type(page, 'Code uit uw app', digits(secret, begun, 1));
  await press(page, 'button', 'Ga verder');
  await expect(page.getByRole('heading', { level: 1 })).toHaveText('Mijn plan');
  await axe(page, 'the own page');

  await press(page, 'link', 'Lees het hele plan');
  await expect(page.getByText('Reanimeren is: proberen het hart')).toBeVisible();
  await axe(page, 'the own plan');
  await press(page, 'link', 'Mijn plan');

  await press(page, 'link', 'Kijk wie er in het plan keek');
  await expect(page.getByRole('listitem').filter({ hasText: /Sanne van Huissen \(huisarts bij .*\) nodigde iemand uit/ }).first()).toBeVisible();
  await axe(page, 'who looked');
  await press(page, 'link', 'Mijn plan');

  await press(page, 'link', 'Wie het plan mag zien, of niet meer');
  await expect(page.getByRole('heading', { level: 1 })).toHaveText('Wie mag het plan zien?');
  await axe(page, 'consent');

  // First everybody may; a doctor of another practice and another system see the plan.
  const question = page.getByRole('group', { name: 'Mogen alle betrokken zorgverleners het plan zien?' });
  await tabTo(page, question.locator('input:checked'));
  const yes = question.getByLabel('Ja, dat is goed');
  for (let stops = 0; stops < 3 && !(await yes.isChecked()); stops += 1) await page.keyboard.press('ArrowDown');
  await press(page, 'button', 'Bekijk wat er verandert');
  await press(page, 'button', 'Ja, zo wil ik het');
  await expect(page.getByRole('status')).toContainText('geldt vanaf nu');
  const other = await as(null);
  await other.goto(`/inloggen?naar=${encodeURIComponent(`/patienten/${patient.id}/plan`)}`);
  await signIn(other, 'gp-2', region.demo.users.find((u) => u.username === 'gp-2').password);
  await expect(other.getByRole('heading', { level: 1 })).toContainText('Plan');
  const system = await Fhir.open(region.demo.base_url, region.demo.api_clients.find((c) => c.client_id === 'consulter-test'));
  const consents = () => system.search(`Consent?patient=Patient/${patient.id}`);
  expect((await consents()).length).toBeGreaterThan(0);

  await press(page, 'button', 'Trek alle toestemming in');
  await expect(page.getByText('Er is nog niets veranderd.')).toBeVisible();
  await axe(page, 'consent, what would change');
  await press(page, 'button', 'Ja, zo wil ik het');
  await expect(page.getByRole('status')).toContainText('geldt vanaf nu');
  await expect(page.getByText('Alleen als u zelf niets kunt zeggen').first()).toBeVisible();
  expect((await other.reload()).status(), 'refused at the very next request').toBe(403);
  await expect(consents()).rejects.toThrow('403');

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

/** Welcome, and a user name with a password: the first minutes of who has a letter. */
async function welcome(page, { address, code }, patient) {
  await page.goto(address);
  await type(page, 'De code uit de brief', code);
  await type(page, 'De geboortedatum van de patiënt', dutchDay(patient.birth_date));
  await press(page, 'button', 'Ga verder');
  const username = `nieuw-${code.toLowerCase()}`;
  await type(page, 'Gebruikersnaam', username);
  await type(page, 'Wachtwoord', PASSWORD);
  await type(page, 'Hetzelfde wachtwoord nog een keer', PASSWORD);
  await press(page, 'button', 'Maak mijn inlog');
  await expect(page.getByRole('status')).toContainText('Uw inlog is gemaakt');
  await signIn(page, username, PASSWORD);
  await expect(page.getByRole('heading', { level: 1 })).toHaveText('Mijn plan');
}

test('a newcomer makes a passkey and gets in with nothing else, by keyboard @script', async ({ as, patient }) => {
  test.slow();
  const letter = await letterFor(await as('gp'), patient);
  const page = await as(null);
  const device = await page.context().newCDPSession(page);
  await device.send('WebAuthn.enable');
  const options = { protocol: 'ctap2', transport: 'internal', hasResidentKey: true, hasUserVerification: true, isUserVerified: true };
  await device.send('WebAuthn.addVirtualAuthenticator', { options });
  await welcome(page, letter, patient);

  await press(page, 'link', (await page.locator('form.me a[href="/account"]').textContent()).trim());
  await press(page, 'link', 'Voeg een passkey toe');
  await expect(page.getByLabel('Hoe noemt u dit apparaat?', { exact: true })).toBeVisible();
  await expectAccessible(page, 'a passkey of one’s own');
  await type(page, 'Hoe noemt u dit apparaat?', 'Mijn tablet');
  await press(page, 'button', 'Maak een passkey');
  await expect(page.getByRole('heading', { level: 1 })).toHaveText('Uw herstelcodes');
  await press(page, 'button', 'Uitloggen');

  await expect(page.getByRole('heading', { level: 1 })).toHaveText('Inloggen');
  await press(page, 'button', 'Gebruik een passkey');
  await expect(page.getByRole('heading', { level: 1 })).toHaveText('Mijn plan');
  await press(page, 'link', 'Kijk wie er in het plan keek');
  await expect(page.getByRole('listitem').filter({ hasText: /Sanne van Huissen/ }).first()).toBeVisible();
});

const OWN = ['', '/plan', '/inzage', '/toestemming', '/rechten', '/kopie'];
/** What each of them sees of the patient; a relative nothing but the plan. */
const SEES = { patient: OWN, representative: OWN, relative: OWN.slice(0, 2) };

// A test each: axe takes seconds for a page, and a copy of everything is long.
for (const colorScheme of ['light', 'dark']) {
  for (const [name, paths] of Object.entries(SEES)) {
    test(`the pages of the ${name} pass axe in ${colorScheme} colours @script`, async ({ as, region }) => {
      test.slow();
      const { patient: id, password } = region.demo.users.find((u) => u.username === name);
      const page = await as(null);
      await page.emulateMedia({ colorScheme });
      await page.goto('/inloggen');
      await signIn(page, name, password);
      await expect(page).toHaveURL(/\/mijn/);
      for (const path of ['/mijn', ...paths.map((p) => `/mijn/${id}${p}`)]) {
        expect.soft((await page.goto(path)).status(), `${name} at ${path}`).toBe(200);
        await expectAccessible(page, `${name} at ${path}`);
      }
    });
  }

  test(`what a doctor sees of own pages passes axe in ${colorScheme} colours @script`, async ({ as, region }) => {
    test.slow();
    const { patient: id } = region.demo.users.find((u) => u.username === 'patient');
    const gp = await as('gp');
    await gp.emulateMedia({ colorScheme });
    for (const path of [`/patienten/${id}/eigen-toegang`, `/patienten/${id}/verzoeken`, '/beheer/bewaartermijnen']) {
      expect.soft((await gp.goto(path)).status(), path).toBe(200);
      await expectAccessible(gp, path);
    }
  });
}

test('own pages read well at 320 pixels, and with text twice as large @script', async ({ as, region }) => {
  test.slow();
  const { patient: id, password } = region.demo.users.find((u) => u.username === 'patient');
  const page = await as(null);
  const sideways = () => page.evaluate(() => document.documentElement.scrollWidth - document.documentElement.clientWidth);
  const look = async (path) => {
    await page.setViewportSize({ width: 320, height: 800 });
    await page.goto(path);
    expect.soft(await sideways(), `${path} at 320 pixels`).toBeLessThanOrEqual(0);
    await page.setViewportSize({ width: 1280, height: 900 });
    await page.evaluate(() => (document.documentElement.style.fontSize = '200%'));
    expect.soft(await sideways(), `${path} with text at 200%`).toBeLessThanOrEqual(0);
    await page.setViewportSize({ width: 640, height: 900 });
    expect.soft(await sideways(), `${path} with text at 200%, on a smaller screen`).toBeLessThanOrEqual(0);
  };
  for (const path of ['/welkom', '/inloggen']) await look(path);
  await page.goto('/inloggen');
  await signIn(page, 'patient', password);
  await expect(page).toHaveURL(/\/mijn/);
  for (const path of [...OWN.map((p) => `/mijn/${id}${p}`), '/account', '/account/app']) await look(path);
});
