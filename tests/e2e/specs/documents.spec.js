import { expectAccessible } from '../support/axe.js';
import { expect, test } from '../support/test.js';

const PDF = Buffer.from('%PDF-1.7\n1 0 obj\nniet reanimeren\n%%EOF\n');

/** Fills in the form of a new document. */
async function fill(page, { kind, date, agrees, file }) {
  await page.getByLabel('Wat is het?').selectOption({ label: kind });
  await page.getByLabel('Welke datum staat erop?').fill(date);
  if (agrees) await page.getByRole('group', { name: 'Komt het overeen met het plan?' }).getByLabel(agrees).check();
  if (file) await page.getByLabel('Het document zelf').setInputFiles(file);
  await page.getByRole('button', { name: 'Voeg toe' }).click();
}

test('a document is added, compared, discussed and withdrawn', async ({ as, patient }) => {
  const gp = await as('gp');
  await gp.goto(`/patienten/${patient.id}`);
  await gp.getByRole('navigation', { name: 'Deze patiënt' }).getByRole('link', { name: 'Documenten' }).click();
  const scan = { name: 'scan.pdf', mimeType: 'application/pdf', buffer: PDF };
  await fill(gp, { kind: 'Niet-reanimerenverklaring', date: '01-05-2020', agrees: 'Zegt iets anders dan het plan', file: scan });
  await expect(gp.getByRole('status')).toContainText('Het document is toegevoegd');
  const title = 'Niet-reanimerenverklaring van 1 mei 2020';
  await gp.goto(`/patienten/${patient.id}/plan`);
  await expect(gp.getByRole('region', { name: 'Let op: kijk of dit nog klopt' })).toContainText(`${title} zegt iets anders`);
  await gp.getByRole('link', { name: title }).click();

  const download = gp.waitForEvent('download');
  await gp.getByRole('link', { name: /Open het document/ }).click();
  expect((await download).suggestedFilename()).toBe('document.pdf');

  await gp.getByText('Vergeleken, besproken of iets anders bijwerken').click();
  const change = gp.getByRole('form', { name: 'Werk bij wat er over dit document staat' });
  await change.getByLabel('Zegt hetzelfde als het plan').check();
  await change.getByRole('group', { name: 'Is het met de arts besproken?' }).getByLabel('Ja').check();
  await change.getByLabel('op welke dag?').fill('08-11-2022');
  await change.getByRole('button', { name: 'Bewaar' }).click();
  await expect(gp.getByRole('definition').filter({ hasText: 'Met de arts besproken op 8 november 2022' })).toBeVisible();

  await gp.getByText('Dit document telt niet meer', { exact: true }).click();
  const end = gp.getByRole('form', { name: 'Dit document telt niet meer' });
  await end.getByLabel('Ingetrokken door de patiënt').check();
  await end.getByLabel('Wat is er gezegd of gebeurd?').fill('Wil toch gereanimeerd worden.');
  await end.getByRole('button', { name: 'Leg vast dat het niet meer telt' }).click();
  await expect(gp.getByRole('region', { name: 'Dit document telt niet meer' })).toContainText('Wil toch gereanimeerd worden.');
});

test('what is no document is told, and what was typed stays', async ({ as, patient }) => {
  const gp = await as('gp');
  await gp.goto(`/patienten/${patient.id}/documenten`);
  const page = { name: 'brief.pdf', mimeType: 'application/pdf', buffer: Buffer.from('<!doctype html><p>geen PDF') };
  await fill(gp, { kind: 'Levensverhaal', date: '2021', file: page });
  await expect(gp.getByRole('alert')).toContainText('geen PDF, JPEG of PNG');
  await expect(gp.getByLabel('Welke datum staat erop?')).toHaveValue('2021');
  await gp.getByLabel('Het document zelf').setInputFiles({ name: 'verhaal.pdf', mimeType: 'application/pdf', buffer: PDF });
  await gp.getByRole('button', { name: 'Voeg toe' }).click();
  await expect(gp.getByRole('link', { name: 'Levensverhaal van 2021' })).toBeVisible();
});

test('a plan is taken over and shared, and who did what stands there', async ({ as, patient }) => {
  const nurse = await as('district-nurse');
  await nurse.goto(`/patienten/${patient.id}/plan`);
  await nurse.getByRole('link', { name: 'Overnemen en delen' }).click();
  await expect(nurse.getByLabel('Verslag (SOEP)')).toHaveValue(/^S: Gesprek over toekomstige zorg op/);
  await expect(nurse.getByLabel('Regel bij episode A20')).toHaveValue(/^A20 gesprek/);
  await nurse.getByRole('button', { name: 'Leg vast', exact: true }).click();
  await expect(nurse.getByRole('alert')).toContainText('Kies minstens één ding');
  await nurse.getByRole('group', { name: 'Waarin is het ook vastgelegd?' }).getByLabel('ECD van de zorgorganisatie').check();
  await nurse.getByRole('group', { name: 'Wat is de patiënt verteld?' }).getByLabel('Waar de afspraken te vinden zijn').check();
  await nurse.getByRole('button', { name: 'Leg vast', exact: true }).click();
  await expect(nurse.getByRole('region', { name: 'Wat is vastgelegd, het nieuwste eerst' })).toContainText('Ook vastgelegd in: ECD');
  await nurse.goto(`/patienten/${patient.id}/plan`);
  await expect(nurse.getByRole('region', { name: 'Wie weten dit?' })).toContainText('waar de afspraken te vinden zijn: op');
});

test('documents and what goes on pass axe @script', async ({ as, patient }) => {
  const page = await as('gp');
  const open = () => page.evaluate(() => document.querySelectorAll('details').forEach((part) => (part.open = true)));
  await page.goto(`/patienten/${patient.id}/documenten`);
  await expectAccessible(page, 'no documents');
  await fill(page, { kind: 'Kies een soort', date: 'morgen' });
  await expectAccessible(page, 'documents with mistakes');
  await fill(page, { kind: 'Volmacht', date: '2021', agrees: 'Zegt iets anders dan het plan' });
  await expectAccessible(page, 'documents');
  await page.getByRole('link', { name: 'Volmacht van 2021' }).click();
  await open();
  await expectAccessible(page, 'a document');
  await page.goto(`/patienten/${patient.id}/plan`);
  await expectAccessible(page, 'a plan with a document');
  await page.goto(`/patienten/${patient.id}/overnemen`);
  await page.getByLabel('De huisarts', { exact: true }).check();
  await page.getByRole('button', { name: 'Leg vast', exact: true }).click();
  await open();
  await expectAccessible(page, 'what goes on');
});
