// At admission, discharge or a move the plan goes along, and one hears whether it came (D6).
import { expectAccessible } from '../support/axe.js';
import { expect, test } from '../support/test.js';

/** axe needs scripts; everything else must work without. */
async function look(page, name, info) {
  if (info.project.use.javaScriptEnabled !== false) await expectAccessible(page, name);
}

test('a plan is handed over on paper, and the ward says that it came', async ({ as, patient }, info) => {
  const nurse = await as('district-nurse');
  await nurse.goto(`/patienten/${patient.id}`);
  await nurse.getByRole('link', { name: 'Overdracht', exact: true }).click();
  await expect(nurse.getByRole('heading', { level: 1, name: 'Overdracht' })).toBeVisible();
  const form = nurse.getByRole('form', { name: 'Maak een overdracht' });
  await form.getByLabel('Welke, en welke afdeling?').fill('Rijnstate, cardiologie');
  await form.getByRole('button', { name: 'Maak de overdracht' }).click();
  await expect(nurse.getByRole('alert')).toContainText('Kies waarom u overdraagt.');
  await expect(form.getByLabel('Welke, en welke afdeling?')).toHaveValue('Rijnstate, cardiologie');
  await look(nurse, 'a handover with mistakes', info);

  await form.getByLabel('Opname', { exact: true }).check();
  await form.getByLabel('Aan wat voor zorgaanbieder?').selectOption({ label: 'Ziekenhuis' });
  await form.getByLabel('Meegegeven op papier').check();
  await form.getByRole('button', { name: 'Maak de overdracht' }).click();
  await expect(nurse.getByRole('status')).toContainText('overgedragen');
  const made = nurse.getByRole('listitem').filter({ hasText: 'naar Rijnstate, cardiologie' }).first();
  await expect(made).toContainText('Nog niet bevestigd door de ontvanger');
  const download = nurse.waitForEvent('download');
  await made.getByRole('link', { name: /FHIR-document/ }).click();
  expect((await download).suggestedFilename()).toBe('overdracht.json');

  await made.getByText('Leg vast dat het is ontvangen', { exact: true }).first().click();
  await made.getByLabel('Wie heeft het ontvangen?').fill('B. Smit, verpleegkundige');
  await made.getByRole('button', { name: 'Leg vast dat het is ontvangen' }).click();
  await expect(nurse.locator('main')).toContainText('door B. Smit, verpleegkundige');
  await look(nurse, 'handovers', info);
});
