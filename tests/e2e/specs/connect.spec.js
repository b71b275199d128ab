import { expectAccessible } from '../support/axe.js';
import { expect, test } from '../support/test.js';

test('who connects a system finds addresses and requests, and an administrator tests one', async ({ as, region, fhir, patient }, info) => {
  const withScripts = info.project.use.javaScriptEnabled !== false;
  const axe = async (page, name) => {
    if (withScripts) await expectAccessible(page, name);
  };
  const stranger = await as(null);
  await stranger.goto('/koppelen');
  await expect(stranger.getByRole('heading', { level: 1 })).toHaveText('Koppelen');
  await expect(stranger.getByText(`${region.demo.base_url}/fhir/r4/metadata`)).toBeVisible();
  await stranger.getByText('Alles wat R4 hier kan').click();
  await expect(stranger.getByRole('region', { name: 'Wat R4 hier kan' }).getByRole('row', { name: /^Consent/ })).toContainText('Consent:actor');
  await axe(stranger, 'for who connects');

  // What the page says works as it stands there.
  const commands = await stranger.locator('#c-r4-2').textContent();
  const address = commands.match(/"(http[^"]+)"/)[1].replace('$ID', patient.id);
  const answer = await fetch(address, { headers: { authorization: `Bearer ${fhir.token}` } });
  expect(answer.status).toBe(200);
  expect((await answer.json()).total).toBeGreaterThan(0);

  const admin = await as('organisation-admin');
  await admin.goto('/koppelen');
  await admin.getByRole('link', { name: 'Test een koppeling' }).click();
  await axe(admin, 'the self-test');
  await admin.getByLabel('Systeem').selectOption('provider-test');
  await admin.getByLabel('BSN van een testpatiënt').fill('111222333');
  await admin.getByRole('button', { name: 'Test' }).click();
  await expect(admin.getByRole('alert')).toContainText('begint');
  await expect(admin.getByLabel('BSN van een testpatiënt')).toHaveValue('111222333');
  await admin.getByLabel('BSN van een testpatiënt').fill(patient.bsn);
  await admin.getByRole('button', { name: 'Test' }).click();
  await expect(admin.getByRole('status')).toHaveText('Alle 22 vragen zijn beantwoord.');
  const rows = admin.getByRole('region', { name: 'Elke vraag van de test' }).getByRole('row');
  await expect(rows).toHaveCount(23);
  await expect(rows.filter({ hasText: 'R4: De behandelgrenzen' })).toContainText('beantwoord');
  await axe(admin, 'the self-test, run');
});
