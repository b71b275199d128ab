import { lines, texts, wholeForm } from '../support/answers.js';
import { day } from '../support/days.js';
import { answers } from '../support/fhir.js';
import { answerByKeyboard, tabTo } from '../support/keyboard.js';
import { decideOtherwise } from '../support/form.js';
import { expect, test } from '../support/test.js';

test('a doctor finds a patient, records a whole form by keyboard alone, and another system sees it within a second', async ({
  as,
  patient,
  fhir,
}, info) => {
  test.slow();
  const mark = `[${info.project.name}]`;
  const form = wholeForm(mark);
  const page = await as('gp');

  await page.goto('/');
  await tabTo(page, page.getByRole('link', { name: 'Patiënten', exact: true }));
  await page.keyboard.press('Enter');
  await tabTo(page, page.getByLabel('BSN', { exact: true }));
  await page.keyboard.type(patient.bsn);
  await page.keyboard.press('Enter');
  // The first link is the patient; behind it stands one to leave a signal.
  const found = page.getByRole('region', { name: 'Eén patiënt gevonden' }).getByRole('link').first();
  await expect(found).toBeVisible();
  expect(page.url(), 'a BSN never stands in an address').not.toContain(patient.bsn);
  await tabTo(page, found);
  await page.keyboard.press('Enter');
  await expect(page).toHaveURL(new RegExp(`/patienten/${patient.id}$`));
  await tabTo(page, page.getByRole('link', { name: 'Werk het plan bij' }));
  await page.keyboard.press('Enter');

  const record = page.getByRole('button', { name: /^Leg vast/ });
  const given = await answerByKeyboard(page, form, record);
  const left = Object.keys(form).filter((name) => !given.has(name) && form[name]);
  expect(left, 'answers for which no question came by').toEqual([]);
  await page.keyboard.press('Enter');
  await expect(page).toHaveURL(new RegExp(`/patienten/${patient.id}/plan`));
  const recorded = Date.now();
  await expect(page.getByRole('heading', { level: 1 })).toHaveText('Plan voor zorg in de toekomst');

  await expect
    .poll(async () => answers((await fhir.forms(patient))[0])['1002']?.[0], { timeout: Math.max(1, recorded + 1000 - Date.now()), intervals: [50] })
    .toBe(form[1002]);
  const kept = answers((await fhir.forms(patient))[0]);
  for (const [linkId, text] of texts(form, mark)) expect.soft(kept[linkId], linkId).toEqual([text]);
  for (const [linkId, all] of lines(form)) for (const line of all) expect.soft(kept[linkId][0], linkId).toContain(line);
  expect(kept['963'][0]).toContain(day(-1).iso);
  expect(kept['1651']).toEqual([false]);
  expect(kept['1386'].map((c) => c.code)).toEqual(['1']);
  expect(kept['998'].map((c) => c.code)).toEqual(['DAUC', 'OTH']);
  const [resuscitation, ...others] = await fhir.resuscitation(patient);
  expect(others, 'a doctor sets: nothing stands beside it as proposed').toEqual([]);
  expect(resuscitation.status).toBe('active');
  expect(resuscitation.provision.type, 'under a condition is neither yes nor no').toBeUndefined();

  // The letter says what was recorded.
  for (const linkId of [1190, 1196, 1001, 1002]) await expect.soft(page.getByText(form[linkId])).toBeVisible();
});

test('a doctor changes resuscitation, and the comparison shows just that', async ({ as, patient, fhir }, info) => {
  const before = (await fhir.forms(patient)).length;
  const page = await as('gp');
  const reason = `Zo heeft de patiënt het gevraagd [${info.project.name}]`;
  const [inForce] = await fhir.resuscitation(patient);
  const decision = await decideOtherwise(page, patient, inForce, reason);

  await expect.poll(async () => (await fhir.resuscitation(patient)).map((c) => c.provision.type), { timeout: 1000, intervals: [50] }).toEqual([decision.type]);
  expect((await fhir.forms(patient)).length, 'one form for each version').toBe(before + 1);

  await page.getByRole('link', { name: 'Vergelijk met de vorige versie' }).click();
  await expect(page.getByRole('heading', { level: 1 })).toHaveText('Wat is er veranderd');
  const main = page.getByRole('main');
  const topics = main.getByRole('heading', { level: 2 }).filter({ hasNotText: 'Alleen anders verwoord' });
  await expect(topics).toHaveText(['Reanimatie']);
  await expect(main).toContainText(decision.said);
  await expect(main).toContainText(reason);
});
