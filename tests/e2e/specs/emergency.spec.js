import { expectAccessible } from '../support/axe.js';
import { expect, test } from '../support/test.js';

/** A patient for this test alone: the team of `gp` cares for them, and nobody asked them about sharing. */
function unasked(region, info) {
  const place = ['wide', 'narrow', 'wide-plain', 'narrow-plain'].indexOf(info.project.name);
  // Of each fifteen patients of the synthetic region one is of this practice and was not asked.
  const ours = region.demo.patients.filter((p, n) => n % 15 === 3 && n > 40 && p.sharing === 'unknown');
  return ours[place * 5 + info.retry];
}

async function look(page, patient) {
  await page.goto('/spoed');
  await page.getByLabel('BSN', { exact: true }).fill(patient.bsn);
  await page.getByRole('button', { name: 'Zoek' }).click();
}

test('acute care sees at once, without scrolling, what counts for somebody who agreed to share', async ({ as, region }) => {
  const page = await as('out-of-hours');
  await page.goto('/');
  await expect(page.getByRole('heading', { level: 1 })).toHaveText('Spoed');
  await look(page, region.demo.patients[0]);
  await expect(page).toHaveURL(/\/spoed\/\w+$/);
  expect(page.url()).not.toContain(region.demo.patients[0].bsn);
  const limits = page.getByRole('list').first().getByRole('listitem');
  await expect(limits).toHaveCount(4);
  for (const [n, word] of [/reani/i, /beadem/i, /\bIC\b/, /ziekenhuis/i].entries()) {
    await expect(limits.nth(n)).toContainText(word);
    await expect(limits.nth(n), `${word} is on the first screen`).toBeInViewport({ ratio: 1 });
  }
  await expect(page.getByText(/^Doel/)).toBeInViewport({ ratio: 1 });
});

test('the glass is broken with a reason, the team hears of it, and somebody judges it', async ({ as, region }, info) => {
  const patient = unasked(region, info);
  const why = `Gevonden op straat, niet aanspreekbaar [${info.project.name}]`;
  const page = await as('out-of-hours');
  await look(page, patient);
  await expect(page.getByRole('heading', { name: 'Noodknop' })).toBeVisible();
  await page.getByRole('radio', { name: /^Spoed/ }).check();
  await page.getByRole('button', { name: 'Gebruik de noodknop' }).click();
  await expect(page.getByRole('alert')).toContainText('Schrijf in een zin');
  await page.getByLabel('Licht dit toe').fill(why);
  await page.getByRole('button', { name: 'Gebruik de noodknop' }).click();
  await expect(page).toHaveURL(new RegExp(`/spoed/${patient.id}$`));
  await expect(page.getByText('U gebruikt de noodknop.')).toBeVisible();

  const doctor = await as('gp');
  await doctor.goto('/');
  const told = doctor.getByRole('region', { name: 'Noodknop gebruikt' });
  await expect(told).toContainText('keek vandaag');
  await doctor.goto(`/beheer/noodknop/${patient.id}/1`);
  await expect(doctor.getByRole('definition').filter({ hasText: why })).toBeVisible();
  await expect(doctor.getByText('één keer bekeken')).toBeVisible();
  await doctor.getByRole('radio', { name: /^Ja/ }).check();
  await doctor.getByRole('button', { name: 'Leg mijn oordeel vast' }).click();
  await expect(doctor.getByRole('status')).toContainText('oordeel');
  await expect(doctor.getByRole('region', { name: 'Onlangs beoordeeld' })).toContainText(why);
});

test('the pages around the glass pass axe in both colours @script', async ({ as, region }) => {
  for (const colorScheme of ['light', 'dark']) {
    const page = await as('out-of-hours');
    await page.emulateMedia({ colorScheme });
    await page.goto('/spoed');
    await expectAccessible(page, 'emergency search');
    await look(page, region.demo.patients[0]);
    await expectAccessible(page, 'emergency view');
    await look(page, region.demo.patients[4]);
    await expectAccessible(page, 'glass');
    await page.getByRole('button', { name: 'Gebruik de noodknop' }).click();
    await expectAccessible(page, 'a reason that is missing');
    const doctor = await as('gp');
    await doctor.emulateMedia({ colorScheme });
    await doctor.goto('/beheer/noodknop');
    await expectAccessible(doctor, 'cases');
    await doctor.getByRole('link', { name: /^Lees en beoordeel/ }).first().click();
    await expectAccessible(doctor, 'a case');
    const admin = await as('organisation-admin');
    await admin.emulateMedia({ colorScheme });
    await admin.goto('/beheer/noodknop/overzicht');
    await expectAccessible(admin, 'figures');
  }
});
