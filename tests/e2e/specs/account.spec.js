import { expectAccessible } from '../support/axe.js';
import { expect, test } from '../support/test.js';
import { code } from '../support/totp.js';

// Each project has a person of its own: what one adds would be asked of the others.
const WHO = {
  wide: ['physiotherapist', 'palliative-nurse'],
  narrow: ['social-worker', 'dementia-case-manager'],
  'wide-plain': ['spiritual-carer'],
  'narrow-plain': ['nurse-specialist'],
};

async function signIn(page, region, name) {
  await page.goto('/inloggen');
  await page.getByLabel('Gebruikersnaam').fill(name);
  await page.getByLabel('Wachtwoord').fill(region.demo.users.find((u) => u.username === name).password);
  await page.getByRole('button', { name: 'Log in', exact: true }).click();
}

const heading = (page) => page.getByRole('heading', { level: 1 });
// Axe needs scripts; the projects without them walk the same way.
const look = (page, name, info) => (info.project.use.javaScriptEnabled === false ? undefined : expectAccessible(page, name));

test('somebody sets up codes, is asked for one, and gets in with paper when the phone is lost', async ({ as, region }, info) => {
  const [who] = WHO[info.project.name];
  const page = await as(null);
  await signIn(page, region, who);
  await expect(heading(page)).toHaveText('Mijn werk');
  await page.getByRole('banner').getByRole('link', { name: region.demo.users.find((u) => u.username === who).name }).click();
  await expect(heading(page)).toHaveText('Uw account');
  await look(page, 'account', info);

  await page.getByRole('link', { name: 'Voeg codes van een app toe' }).click();
  await expect(page.getByRole('img', { name: /QR-code/ })).toBeVisible();
  await look(page, 'setting up codes', info);
  const secret = await page.locator('code.secret').innerText();
  const begun = Date.now();
  await page.getByLabel('De code die de app nu toont').fill('000000');
  await page.getByRole('button', { name: 'Zet codes aan' }).click();
  await expect(page.getByRole('alert')).toContainText('Deze code klopt niet');
  await expect(page.locator('code.secret'), 'the same secret as before').toHaveText(secret);
  await page.getByLabel('De code die de app nu toont').fill(code(secret, begun));
  await page.getByLabel('Hoe noemt u dit apparaat?').fill('Mijn telefoon');
  await page.getByRole('button', { name: 'Zet codes aan' }).click();
  await expect(heading(page)).toHaveText('Uw herstelcodes');
  await look(page, 'recovery codes', info);
  const papers = await page.locator('code.secret').allInnerTexts();
  expect(papers).toHaveLength(10);
  await page.getByRole('button', { name: 'Uitloggen' }).click();

  await signIn(page, region, who);
  await expect(heading(page)).toHaveText('Tweede stap');
  await look(page, 'second step', info);
  await page.getByLabel('Code uit uw app').fill(code(secret, begun, 1));
  await page.getByRole('button', { name: 'Ga verder' }).click();
  await expect(heading(page)).toHaveText('Mijn werk');

  const lost = await as(null);
  await signIn(lost, region, who);
  await lost.getByText('Ik heb mijn telefoon of passkey niet bij me').click();
  await lost.getByLabel('Een van uw herstelcodes').fill(papers[0].toLowerCase());
  await lost.getByRole('button', { name: 'Log in met een herstelcode' }).click();
  await lost.goto('/account');
  await expect(lost.getByRole('link', { name: 'Herstelcodes (9 over)' })).toBeVisible();

  // From here the other session is ended, and the codes are taken away again.
  await lost.getByRole('button', { name: 'Log alle andere apparaten uit' }).click();
  await expect(lost.getByRole('status')).toContainText('Alle andere apparaten zijn uitgelogd');
  await page.goto('/account');
  await expect(heading(page)).toHaveText('Inloggen');
  await lost.getByRole('link', { name: 'Verwijder Mijn telefoon' }).click();
  await look(lost, 'removing a factor', info);
  await lost.getByRole('button', { name: 'Verwijder', exact: true }).click();
  await expect(lost.getByRole('status')).toContainText('Dit is verwijderd');
});

test('a passkey signs in alone, and as second step, and only when its user is verified @script', async ({ as, region }, info) => {
  const who = WHO[info.project.name][1];
  const page = await as(null);
  const device = await page.context().newCDPSession(page);
  await device.send('WebAuthn.enable');
  const options = { protocol: 'ctap2', transport: 'internal', hasResidentKey: true, hasUserVerification: true, isUserVerified: true };
  const { authenticatorId } = await device.send('WebAuthn.addVirtualAuthenticator', { options });
  const verified = (isUserVerified) => device.send('WebAuthn.setUserVerified', { authenticatorId, isUserVerified });

  await signIn(page, region, who);
  await page.goto('/account/passkey');
  await expectAccessible(page, 'making a passkey');
  await page.getByLabel('Hoe noemt u dit apparaat?').fill('Laptop');
  await page.getByRole('button', { name: 'Maak een passkey' }).click();
  await expect(heading(page)).toHaveText('Uw herstelcodes');
  const { credentials } = await device.send('WebAuthn.getCredentials', { authenticatorId });
  expect(credentials.map((c) => c.isResidentCredential)).toEqual([true]);

  // The same device makes no second one.
  await page.goto('/account/passkey');
  await page.getByRole('button', { name: 'Maak een passkey' }).click();
  await expect(page.getByRole('alert')).toContainText('heeft al een passkey');
  await page.getByRole('button', { name: 'Uitloggen' }).click();

  await page.goto('/inloggen?naar=%2Faccount');
  await expectAccessible(page, 'sign in with a passkey');
  await page.getByRole('button', { name: 'Gebruik een passkey' }).click();
  await expect(heading(page)).toHaveText('Uw account');
  await expect(page.getByRole('listitem').filter({ hasText: 'Laptop, passkey' })).toBeVisible();
  await page.getByRole('button', { name: 'Uitloggen' }).click();

  await signIn(page, region, who);
  await expect(heading(page)).toHaveText('Tweede stap');
  await expectAccessible(page, 'second step with a passkey');
  await page.getByRole('button', { name: 'Gebruik uw passkey' }).click();
  await expect(heading(page)).toHaveText('Mijn werk');
  await page.getByRole('button', { name: 'Uitloggen' }).click();

  await verified(false);
  await page.goto('/inloggen');
  await page.getByRole('button', { name: 'Gebruik een passkey' }).click();
  await expect(page.getByRole('alert')).toContainText('Er is geen passkey gebruikt');
  await verified(true);
  await page.getByRole('button', { name: 'Gebruik een passkey' }).click();
  await expect(heading(page)).toHaveText('Mijn werk');
  await page.goto('/account');
  await page.getByRole('link', { name: 'Verwijder Laptop' }).click();
  await page.getByRole('button', { name: 'Verwijder', exact: true }).click();

  // What was taken away opens nothing.
  await page.getByRole('button', { name: 'Uitloggen' }).click();
  await page.goto('/inloggen');
  await page.getByRole('button', { name: 'Gebruik een passkey' }).click();
  await expect(page.getByRole('alert')).toContainText('Dat lukte niet met deze passkey');
});

test('an administrator asks, another approves, and somebody is back in', async ({ as, region }, info) => {
  const admin = await as(null);
  await signIn(admin, region, 'organisation-admin');
  await admin.goto('/beheer/herstel');
  await look(admin, 'recovery', info);
  const mark = `Telefoon kwijt, gezien op kantoor [${info.project.name}]`;
  await admin.getByLabel('Gebruikersnaam').fill('network-coordinator');
  await admin.getByLabel(/^Waarom/).fill(mark);
  await admin.getByRole('button', { name: 'Vraag aan' }).click();
  await expect(admin.getByRole('status')).toContainText('Iemand anders keurt hem goed');

  const officer = await as(null);
  await signIn(officer, region, 'privacy-officer-2');
  await officer.goto('/beheer/herstel');
  const request = officer.getByRole('article').filter({ hasText: mark });
  await look(officer, 'recovery to decide', info);
  await request.getByRole('button', { name: 'Wijs af' }).click();
  await expect(officer.getByRole('status')).toContainText('afgewezen');
  await officer.goto('/herstel');
  await look(officer, 'a new password with a code', info);
  await admin.goto('/beheer/inloggen');
  await look(admin, 'who needs a second factor', info);
});
