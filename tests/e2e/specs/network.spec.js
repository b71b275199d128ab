import { expectAccessible } from '../support/axe.js';
import { expect, test } from '../support/test.js';

const HERE = '/regio/inventarisatie';

test('a coordinator invites an organisation, which answers without an account', async ({ as }, info) => {
  const name = `Hospice De Ruimte (${info.project.name})`;
  const coordinator = await as('network-coordinator');
  await coordinator.goto('/regio');
  await coordinator.getByRole('link', { name: 'Inventarisatie en plan van aanpak' }).press('Enter');
  await expect(coordinator.getByText(/U bent bij stap \d/)).toBeVisible();
  await coordinator.getByRole('link', { name: 'Wie doet mee?' }).press('Enter');
  await coordinator.getByLabel('Naam van de organisatie').fill(name);
  await coordinator.getByRole('button', { name: 'Voeg toe' }).press('Enter');
  await expect(coordinator.getByRole('alert')).toContainText('Kies waar de organisatie bij hoort.');
  await expect(coordinator.getByLabel('Naam van de organisatie')).toHaveValue(name);
  await coordinator.getByLabel('Waar hoort zij bij?').selectOption({ label: 'Netwerk palliatieve zorg' });
  await coordinator.getByRole('button', { name: 'Voeg toe' }).press('Enter');
  await expect(coordinator.getByRole('heading', { level: 1, name })).toBeVisible();
  const party = new URL(coordinator.url()).pathname;
  await coordinator.getByRole('button', { name: 'Maak een link' }).press('Enter');
  const link = await coordinator.locator('code.secret').innerText();
  await coordinator.getByRole('link', { name: 'Ik heb hem bewaard' }).press('Enter');

  const stranger = await as(null);
  await stranger.goto(new URL(link).pathname);
  await expect(stranger.getByText('Zet hier niets in over patiënten')).toBeVisible();
  const question = (words) => stranger.getByRole('group', { name: words });
  await question(/Weet iedereen wie begint/).getByLabel('Deels').check();
  await stranger.getByRole('button', { name: 'Bewaar tot hier' }).press('Enter');
  await expect(stranger.getByRole('status')).toContainText('Bewaard.');
  await stranger.getByRole('button', { name: 'Stuur in' }).press('Enter');
  await expect(stranger.getByRole('alert')).toContainText("'Weet niet' mag ook.");
  for (const group of await stranger.getByRole('group').all()) {
    if (!(await group.locator('input:checked').count())) await group.locator('input').last().check();
  }
  await stranger.getByLabel('Uw naam en functie').fill('Lot Bakker, verpleegkundige');
  await stranger.getByRole('button', { name: 'Stuur in' }).press('Enter');
  await expect(stranger.getByRole('status')).toContainText('Ingestuurd, dank u wel.');

  await coordinator.goto(`${HERE}/antwoorden`);
  await expect(coordinator.getByRole('rowheader', { name }).first()).toBeVisible();
  await coordinator.goto(party);
  await expect(coordinator.getByText('Lot Bakker, verpleegkundige')).toBeVisible();
  await coordinator.getByRole('button', { name: 'Trek de link in' }).press('Enter');
  await expect(coordinator.getByRole('status')).toContainText('De link is ingetrokken');
  await stranger.goto(new URL(link).pathname);
  await expect(stranger.getByRole('heading', { level: 1 })).toHaveText('Deze link opent geen vragenlijst');

  // No link is for ever, and that of an organisation that takes part no more opens nothing.
  await coordinator.getByLabel('Tot en met welke dag werkt de link?').fill('31-12-2198');
  await coordinator.getByRole('button', { name: 'Maak een link' }).press('Enter');
  await expect(coordinator.getByRole('alert')).toContainText('Een link werkt hoogstens 26 weken.');
  await expect(coordinator.getByLabel('Tot en met welke dag werkt de link?')).toHaveValue('31-12-2198');
  await coordinator.goto(party);
  await coordinator.getByRole('button', { name: 'Maak een link' }).press('Enter');
  const last = new URL(await coordinator.locator('code.secret').innerText()).pathname;
  await stranger.goto(last);
  await expect(stranger.getByText('Zet hier niets in over patiënten')).toBeVisible();
  await coordinator.goto(party);
  await coordinator.getByLabel('Zij doet niet meer mee').check();
  await coordinator.getByRole('button', { name: 'Leg vast' }).press('Enter');
  await expect(coordinator.getByText('De link opent niets zolang deze organisatie niet meedoet.')).toBeVisible();
  await expectAccessible(coordinator, 'an organisation that left');
  await stranger.goto(last);
  await expect(stranger.getByText('Vraag de netwerkcoördinator van uw regio')).toBeVisible();
});

test('a late action stands on top, and the plan goes along on paper', async ({ as }, info) => {
  const coordinator = await as('network-coordinator');
  await coordinator.goto(`${HERE}/acties`);
  await expect(coordinator.getByText('! te laat').first()).toBeVisible();
  const what = `Folder in elke wachtkamer (${info.project.name})`;
  await coordinator.getByLabel('Wat gaat er gebeuren?').fill(what);
  await coordinator.getByLabel('Wie zorgt ervoor?').fill('Marja Koster, De Linde');
  await coordinator.getByLabel('Uiterlijk wanneer?').fill('31-12-2198');
  await coordinator.getByRole('button', { name: 'Voeg toe' }).press('Enter');
  await expect(coordinator.getByRole('status')).toContainText('Vastgelegd.');
  await coordinator.getByRole('link', { name: what }).press('Enter');
  await coordinator.getByLabel('Vervalt').check();
  await coordinator.getByRole('button', { name: 'Leg vast' }).press('Enter');
  await expect(coordinator.getByRole('alert')).toContainText('Schrijf waarom de actie vervalt.');
  await coordinator.getByLabel('Toelichting').fill('De folder is er al.');
  await coordinator.getByRole('button', { name: 'Leg vast' }).press('Enter');
  await expect(coordinator.getByText('De folder is er al.').first()).toBeVisible();
  const pdf = await coordinator.request.get(`${HERE}/plan.pdf`);
  expect(pdf.status()).toBe(200);
  expect(pdf.headers()['content-type']).toBe('application/pdf');
});

test('a team votes on its phones and the leader sees what comes of it', async ({ as }, info) => {
  const leader = await as('carer');
  await leader.goto('/toolkit');
  await leader.getByRole('link', { name: /^Invoering/ }).press('Enter');
  await leader.getByRole('link', { name: 'Stellingen voor een overleg' }).press('Enter');
  await leader.getByLabel('Welk team?').fill(`Team Zuid (${info.project.name})`);
  await leader.getByRole('button', { name: 'Begin de ronde' }).press('Enter');
  const code = await leader.locator('.code-large').innerText();
  await expect(leader.getByText('Er zijn nog te weinig antwoorden om te tonen.')).toBeVisible();
  for (let n = 0; n < 3; n += 1) {
    const phone = await as(null);
    await phone.goto('/stellingen');
    await phone.getByLabel('De code').fill(code.toLowerCase());
    await phone.getByRole('button', { name: 'Doe mee' }).press('Enter');
    for (const group of await phone.getByRole('group').all()) await group.getByLabel('Eens', { exact: true }).check();
    await phone.getByRole('button', { name: 'Stuur mijn antwoorden' }).press('Enter');
    await expect(phone.getByText('Uw antwoorden zijn geteld.').first()).toBeVisible();
    await phone.reload();
    await expect(phone.getByRole('button')).toHaveCount(0);
  }
  const scripts = info.project.use.javaScriptEnabled !== false;
  if (!scripts) await leader.getByRole('link', { name: 'Ververs de uitslag' }).press('Enter');
  await expect(leader.getByText('3 antwoorden tot nu toe')).toBeVisible({ timeout: 10_000 });
  await leader.getByRole('button', { name: 'Sluit de ronde nu' }).press('Enter');
  await expect(leader.getByRole('status')).toContainText('De ronde is gesloten.');
});

test('the pages of inventory and implementation pass axe, and fit at 320 pixels @script', async ({ as }) => {
  test.slow();
  const coordinator = await as('network-coordinator');
  const nurse = await as('district-nurse');
  const stranger = await as(null);
  await coordinator.goto(`${HERE}/organisaties`);
  const party = await coordinator.locator(`a[href^="${HERE}/organisaties/"]`).first().getAttribute('href');
  await coordinator.goto(party);
  await coordinator.getByRole('button', { name: 'Maak een link' }).press('Enter');
  await expectAccessible(coordinator, 'the link');
  const link = new URL(await coordinator.locator('code.secret').innerText()).pathname;
  await nurse.goto('/invoering/stellingen');
  await nurse.getByLabel('Welk team?').fill('Team voor axe');
  await nurse.getByRole('button', { name: 'Begin de ronde' }).press('Enter');
  await nurse.waitForURL(/stellingen\/\w{26}$/);
  const round = new URL(nurse.url()).pathname;
  const code = (await nurse.locator('.code-large').innerText()).replace(' ', '');
  for (const [page, name, path] of [
    [coordinator, 'the steps', HERE],
    [coordinator, 'who takes part', `${HERE}/organisaties`],
    [coordinator, 'an organisation', party],
    [coordinator, 'now and wished', `${HERE}/antwoorden`],
    [coordinator, 'actions', `${HERE}/acties`],
    [coordinator, 'the group', `${HERE}/werkgroep`],
    [stranger, 'the questionnaire', link],
    [stranger, 'a link that opens nothing', '/vragenlijst/x'],
    [nurse, 'implementation', '/invoering'],
    [nurse, 'who pulls it', '/invoering/kartrekkers'],
    [nurse, 'trainings', '/invoering/scholing'],
    [nurse, 'agreements', '/invoering/afspraken'],
    [nurse, 'statements', '/invoering/stellingen'],
    [nurse, 'own statements', '/invoering/stellingen/eigen'],
    [nurse, 'a round', round],
    [stranger, 'the code', '/stellingen'],
    [stranger, 'voting', `/stellingen/${code}`],
  ]) {
    for (const width of [1280, 390, 320]) {
      await page.setViewportSize({ width, height: 900 });
      await page.goto(path);
      if (width > 320) await expectAccessible(page, `${name} at ${width}`);
      const sideways = () => page.evaluate(() => document.documentElement.scrollWidth - document.documentElement.clientWidth);
      expect.soft(await sideways(), `${name} at ${width} pixels`).toBeLessThanOrEqual(0);
    }
  }
});
