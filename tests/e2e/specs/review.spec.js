import { expectAccessible } from '../support/axe.js';
import { day } from '../support/days.js';
import { tell } from '../support/story.js';
import { expect, test } from '../support/test.js';

test('an admission is named on the plan, and confirming it unchanged takes three steps from sign-in', async ({ as, patient }) => {
  const gp = await as('gp');
  const admitted = async (form) => {
    await form.getByRole('radio', { name: 'Ziekenhuis' }).check();
    await form.getByLabel(/^Welk ziekenhuis/).fill('Streekziekenhuis');
  };
  await tell(gp, patient.id, 'Opname', admitted, 'Leg de opname vast');
  await expect(gp.getByRole('status')).toContainText('De verblijfplaats is aangepast');
  const happened = gp.getByRole('region', { name: 'Wat er gebeurde, het nieuwste eerst' });
  await expect(happened).toContainText('Opname in het ziekenhuis');
  const reason = 'Opname in het ziekenhuis, op';
  await gp.goto(`/patienten/${patient.id}/plan`);
  await expect(gp.getByRole('region', { name: 'Let op: kijk of dit nog klopt' })).toContainText(reason);
  await gp.goto(`/spoed/${patient.id}`);
  await expect(gp.getByText(/^Na het laatste gesprek, op .*: een opname\.$/)).toBeVisible();

  // Home again, so that the practice leads as before; the review waits in everybody's list of the organisation.
  const home = async (form) => form.getByRole('radio', { name: 'Thuis' }).check();
  await tell(gp, patient.id, 'Ontslag', home, 'Leg het ontslag vast');
  await gp.goto('/?wie=organisatie&soort=review');
  let steps = 0;
  const step = async (what) => {
    steps += 1;
    await what;
  };
  const review = gp.locator(`a[href="/patienten/${patient.id}/bevestigen"]`);
  const next = gp.getByRole('link', { name: 'Volgende' });
  while ((await review.count()) === 0 && (await next.count()) > 0) {
    await gp.goto(await next.getAttribute('href'));
  }
  // Where another organisation leads, it is on their list; the plan itself has the same way in.
  if ((await review.count()) === 0) await gp.goto(`/patienten/${patient.id}/plan`);
  await step(review.click());
  await expect(gp.getByRole('heading', { level: 1 })).toHaveText('Is het plan nog goed?');
  await expect(gp.getByRole('region', { name: 'Waarom u ernaar kijkt' })).toContainText(reason);
  await step(gp.getByLabel('De patiënt', { exact: true }).check());
  await step(gp.getByRole('button', { name: 'Bevestig ongewijzigd' }).click());
  expect(steps).toBeLessThanOrEqual(3);
  await expect(gp.getByRole('status')).toContainText('ongewijzigd bevestigd');
  await expect(gp.getByText(reason)).toHaveCount(0);
  await gp.goto(`/patienten/${patient.id}/plan/versies`);
  await expect(gp.getByText(/^Ongewijzigd bevestigd door/).first()).toBeVisible();
});

test('what was typed stays, a mistake is taken back, and treatment goes on until a day', async ({ as, patient }) => {
  const nurse = await as('district-nurse');
  const without = async (form) => form.getByLabel('Welke behandeling of zorg gaat door?').fill('Bloedtransfusie');
  await tell(nurse, patient.id, 'Behandeling of zorg die doorgaat', without, 'Leg de behandeling vast');
  await expect(nurse.getByRole('alert')).toContainText('Schrijf met welk doel.');
  const form = nurse.getByRole('form', { name: 'Behandeling of zorg die doorgaat' });
  await expect(form.getByLabel('Welke behandeling of zorg gaat door?')).toHaveValue('Bloedtransfusie');
  await form.getByLabel('Met welk doel?').fill('minder moe');
  await form.getByLabel('Tot en met welke dag?').fill(day(40).typed);
  await form.getByRole('button', { name: 'Leg de behandeling vast' }).click();
  await expect(nurse.getByRole('region', { name: 'Wat er doorgaat' })).toContainText('Doel: minder moe');
  const changed = async (f) => f.getByRole('checkbox', { name: 'Gezondheid' }).check();
  await tell(nurse, patient.id, 'Gezondheid, functioneren of wensen veranderden', changed, 'Leg de verandering vast');
  const happened = nurse.getByRole('region', { name: 'Wat er gebeurde, het nieuwste eerst' });
  await happened.getByText('Dit klopt niet: Veranderd: gezondheid').click();
  const wrong = nurse.getByRole('form', { name: 'Klopt niet: Veranderd: gezondheid' });
  await wrong.getByLabel('Waarom klopt dit niet?').fill('Het was haar zus');
  await wrong.getByRole('button', { name: 'Leg vast dat dit niet klopt' }).click();
  await expect(happened).toContainText('Het was haar zus');
});

test('death closes the record for plans, and keeps what was agreed', async ({ as, patient }) => {
  const gp = await as('gp');
  const died = async (form) => form.getByRole('radio', { name: 'Thuis' }).check();
  await tell(gp, patient.id, 'Overlijden', died, 'Leg het overlijden vast');
  await expect(gp.getByRole('status')).toContainText('Het overlijden is vastgelegd');
  await gp.goto(`/patienten/${patient.id}/plan`);
  await expect(gp.getByRole('link', { name: 'Werk het plan bij' })).toHaveCount(0);
  await expect(gp.getByRole('heading', { level: 1 })).toHaveText('Plan voor zorg in de toekomst');
  await gp.goto(`/patienten/${patient.id}/plan/bewerken`);
  await expect(gp.getByRole('heading', { level: 1 })).toHaveText('De patiënt is overleden');
  await gp.goto(`/patienten/${patient.id}/verloop`);
  await gp.getByText('Leg een gesprek met naasten vast').click();
  await gp.getByLabel('Met wie sprak u, en wat kwam eruit?').fill('Met de dochter; zij vond het goed gegaan.');
  await gp.getByRole('button', { name: 'Leg het nagesprek vast' }).click();
  await expect(gp.getByRole('region', { name: 'Wat er gebeurde, het nieuwste eerst' })).toContainText('Nagesprek met naasten');
});

test('what happened, confirming and instruments pass axe @script', async ({ as, patient }) => {
  const page = await as('gp');
  const open = () => page.evaluate(() => document.querySelectorAll('details').forEach((part) => (part.open = true)));
  const changed = async (form) => form.getByRole('checkbox', { name: 'Functioneren' }).check();
  await tell(page, patient.id, 'Gezondheid, functioneren of wensen veranderden', changed, 'Leg de verandering vast');
  await open();
  await expectAccessible(page, 'what happened, all parts open');
  await tell(page, patient.id, 'Opname', async () => {}, 'Leg de opname vast');
  await expect(page.getByRole('alert')).toContainText('Kies naar wat voor plek.');
  await expectAccessible(page, 'what happened, with a mistake');
  await page.goto(`/patienten/${patient.id}/bevestigen`);
  await open();
  await expectAccessible(page, 'confirming');
  await page.getByRole('button', { name: 'Bevestig ongewijzigd' }).click();
  await expect(page.getByRole('alert')).toContainText('Kies met wie u dit besprak');
  await expectAccessible(page, 'confirming, with a mistake');
  const admin = await as('organisation-admin');
  await admin.goto('/beheer');
  await admin.getByRole('link', { name: /Instrumenten bij een signaal van Huisartsenpraktijk Molenzicht/ }).click();
  await expectAccessible(admin, 'instruments');
});
