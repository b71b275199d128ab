import { expectAccessible } from '../support/axe.js';
import { expect, test } from '../support/test.js';

const sideways = (page) => page.evaluate(() => document.documentElement.scrollWidth - document.documentElement.clientWidth);

test('a coordinator goes from the region to one figure, its definition and the report', async ({ as }) => {
  const coordinator = await as('network-coordinator');
  await coordinator.goto('/regio');
  await coordinator.getByRole('button', { name: 'Tel nu bij' }).press('Enter');
  await expect(coordinator.getByRole('status')).toContainText('De cijfers zijn bijgeteld.');
  await coordinator.getByLabel('Voor wie?').selectOption({ label: 'Alle huisartsenpraktijken' });
  await coordinator.getByRole('button', { name: 'Toon' }).press('Enter');
  await expect(coordinator).toHaveURL(/voor=gp-practice/);
  await coordinator.getByRole('link', { name: 'Heeft een plan', exact: true }).press('Enter');
  await expect(coordinator.getByRole('heading', { level: 1, name: 'Heeft een plan' })).toBeVisible();
  await coordinator.getByText('Wat dit cijfer telt', { exact: true }).click();
  await expect(coordinator.getByText('Versie van de definitie')).toBeVisible();
  await expect(coordinator.getByRole('region', { name: /^Tabel: Spreiding/ })).toBeVisible();
  const pdf = await coordinator.request.get('/regio/regio.pdf');
  expect(pdf.status()).toBe(200);
  expect(pdf.headers()['content-type']).toBe('application/pdf');
  await coordinator.goto('/patienten');
  await expect(coordinator.getByRole('heading', { level: 1 })).not.toContainText('Patiënten');
});

test('a practice looks at who is behind a figure and sets a goal', async ({ as }, info) => {
  const coordinator = await as('network-coordinator');
  await coordinator.goto('/regio');
  await coordinator.getByRole('button', { name: 'Tel nu bij' }).press('Enter');
  const nurse = await as('practice-nurse');
  await nurse.goto('/praktijk');
  await nurse.getByRole('link', { name: 'Plan volledig besproken', exact: true }).press('Enter');
  const list = nurse.getByRole('link', { name: /^Bekijk de lijst: Noemer/ });
  if (await list.count()) {
    await list.press('Enter');
    await expect(nurse.getByRole('link', { name: /^Bekijk: / }).first()).toBeVisible();
  }
  await nurse.goto('/praktijk/doelen');
  await nurse.getByRole('button', { name: 'Stel dit doel' }).press('Enter');
  await expect(nurse.getByRole('alert')).toContainText('Kies voor welk cijfer het doel is.');
  await nurse.getByLabel('Voor welk cijfer?').selectOption({ label: 'Heeft een plan' });
  await nurse.getByLabel('Hoeveel procent?').fill('80');
  await nurse.getByLabel('Uiterlijk wanneer?').fill('31-12-2198');
  await nurse.getByLabel('Hoe gaat u dat bereiken?').fill(`Met de wijk (${info.project.name})`);
  await nurse.getByRole('button', { name: 'Stel dit doel' }).press('Enter');
  await expect(nurse.getByRole('status')).toContainText('Vastgelegd');
  await expect(nurse.getByText('Ten minste 80%, uiterlijk 31 december 2198').first()).toBeVisible();
});

test('a visit is planned by the region and read by the practice', async ({ as }) => {
  const coordinator = await as('network-coordinator');
  await coordinator.goto('/praktijk/bezoeken');
  await coordinator.getByRole('link', { name: 'Plan een bezoek' }).press('Enter');
  await coordinator.getByLabel('Welke praktijk?').selectOption({ label: 'Huisartsenpraktijk De Linde' });
  const today = new Date();
  const day = `${String(today.getDate()).padStart(2, '0')}-${String(today.getMonth() + 1).padStart(2, '0')}-${today.getFullYear()}`;
  await coordinator.getByLabel('Op welke dag?').fill(day);
  await coordinator.getByRole('button', { name: 'Plan het bezoek' }).press('Enter');
  await expect(coordinator.getByRole('status')).toContainText('Het bezoek is bewaard.');
  await coordinator.getByLabel('Wat gaat goed?').fill('Elke maand MDO');
  await coordinator.getByLabel('Terugkoppeling aan de praktijk').fill('Dank voor het gesprek');
  await coordinator.getByRole('button', { name: 'Leg vast' }).press('Enter');
  const here = new URL(coordinator.url()).pathname;
  const nurse = await as('practice-nurse');
  await nurse.goto(here);
  await expect(nurse.getByText('Dank voor het gesprek')).toBeVisible();
  await expect(nurse.getByRole('button', { name: 'Leg vast' })).toHaveCount(0);
});

test('the pages of figures pass axe, and fit at 320 pixels @script', async ({ as }) => {
  test.slow();
  const coordinator = await as('network-coordinator');
  const nurse = await as('practice-nurse');
  for (const [page, name, path] of [
    [coordinator, 'the region', '/regio'],
    [coordinator, 'a figure of the region', '/regio/cijfer/wait'],
    [coordinator, 'visits', '/praktijk/bezoeken'],
    [nurse, 'the practice', '/praktijk'],
    [nurse, 'a figure of the practice', '/praktijk/cijfer/coverage'],
    [nurse, 'goals', '/praktijk/doelen'],
  ]) {
    await page.setViewportSize({ width: 1280, height: 900 });
    await page.goto(path);
    await expectAccessible(page, name);
    await page.setViewportSize({ width: 320, height: 800 });
    expect.soft(await sideways(page), `${name} at 320 pixels`).toBeLessThanOrEqual(0);
  }
});
