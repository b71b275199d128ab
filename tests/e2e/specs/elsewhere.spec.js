// Plans elsewhere: another system is asked, what it says stands beside the plan here, and one topic is taken over.
import { expectAccessible } from '../support/axe.js';
import { expect, test } from '../support/test.js';

/** axe needs scripts; everything else must work without. */
async function look(page, name, info) {
  if (info.project.use.javaScriptEnabled !== false) await expectAccessible(page, name);
}

/** Asks the sources, and waits until all answered. */
async function ask(page, patient, info) {
  await page.goto(`/patienten/${patient.id}/elders`);
  await expect(page.getByRole('heading', { level: 1, name: 'Plannen elders' })).toBeVisible();
  await look(page, 'plans elsewhere, before asking', info);
  await page.getByRole('button', { name: 'Vraag de bronnen' }).click();
  await expect(page.locator('#elders')).toHaveAttribute('data-bezig', 'nee', { timeout: 15_000 });
}

// The other system of the demo knows the first of the region, and spoke with them three weeks after it was silent
// here; there they were told to be resuscitated no more.
test.use({ among: 240, silent: 60, resuscitated: true });

test('another system is asked, and what it says is laid beside the plan here', async ({ as, patient }, info) => {
  const page = await as('gp');
  const against = page.getByRole('region', { name: 'Hier spreken de plannen elkaar tegen' });
  await page.goto(`/patienten/${patient.id}`);
  await expect(page.getByRole('link', { name: 'Plannen elders' })).toHaveAttribute('href', `/patienten/${patient.id}/elders`);
  await ask(page, patient, info);
  await expect(page.getByRole('status').first()).toContainText('1 bron gevraagd: 1 heeft een plan.');
  const cpr = against.locator('.change', { has: page.getByRole('heading', { name: 'Reanimatie' }) });
  await expect(cpr).toContainText('Streekziekenhuis Weidedorp (eigen dossier) – het nieuwst');
  await expect(page.getByRole('region', { name: 'Dit ligt bij de regiebehandelaar' })).toContainText('reanimatie');
  await look(page, 'plans elsewhere', info);
  await page.screenshot({ path: info.outputPath('elders.png'), fullPage: true });

  await cpr.getByRole('button', { name: /^Neem over in het concept/ }).click();
  await expect(page).toHaveURL(/plan\/bewerken/);
  await expect(page.getByRole('status').first()).toContainText('Overgenomen in het concept');
  await expect(page.locator('#onderwerp-4a')).toContainText('Overgenomen van Streekziekenhuis Weidedorp');
  await look(page, 'a draft with what was taken over', info);

  // What was taken over is thrown away again; the plan here stands.
  await page.getByText('Concept weggooien').click();
  await page.getByRole('button', { name: 'Gooi het concept weg' }).click();
  await ask(page, patient, info);
  await page.getByText('Het plan hier blijft gelden', { exact: false }).first().click();
  await page.getByRole('button', { name: 'Leg vast dat het plan hier blijft gelden' }).click();
  await expect(page.locator('main')).toContainText('Schrijf kort waarom het plan hier blijft gelden.');
  await look(page, 'plans elsewhere, with a mistake', info);
  await page.getByLabel('Waarom blijft het plan hier gelden?').fill('Met de patiënt besproken: wat hier staat, klopt.');
  await page.getByRole('button', { name: 'Leg vast dat het plan hier blijft gelden' }).click();
  await expect(page.locator('.notice')).toContainText('het plan hier blijft gelden');
  await expect(page.getByRole('region', { name: 'Dit ligt bij de regiebehandelaar' })).toHaveCount(0);
});

test('an administrator sees which sources there are, and tries one', async ({ as }, info) => {
  const page = await as('organisation-admin');
  await page.goto('/beheer');
  await page.getByRole('link', { name: 'Bronnen: plannen elders van Huisartsenpraktijk De Linde' }).click();
  await expect(page.getByRole('heading', { level: 1, name: 'Bronnen: plannen elders' })).toBeVisible();
  await page.getByRole('button', { name: /^Probeer/ }).click();
  await expect(page.locator('main')).toContainText('Laat ons toe en spreekt FHIR.');
  await look(page, 'sources', info);
});
