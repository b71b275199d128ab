import { expectAccessible } from '../support/axe.js';
import { expect, test } from '../support/test.js';

const sideways = (page) => page.evaluate(() => document.documentElement.scrollWidth - document.documentElement.clientWidth);

test('a coordinator goes from the region to one figure and its definition', async ({ as }) => {
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
