import { expectAccessible } from '../support/axe.js';
import { day } from '../support/days.js';
import { expect, test } from '../support/test.js';

test('from sign-in a nurse records a signal in at most six steps, and it becomes work', async ({ as, patient }, info) => {
  const nurse = await as('district-nurse');
  const mark = `Valt vaker [${info.project.name}]`;
  // Every press and every field that has to be filled in counts.
  let steps = 0;
  const step = async (what) => {
    steps += 1;
    await what;
  };
  await nurse.goto('/');
  await step(nurse.getByRole('link', { name: 'Patiënten', exact: true }).click());
  await step(nurse.getByLabel('BSN', { exact: true }).fill(patient.bsn));
  await step(nurse.getByRole('button', { name: 'Zoek' }).click());
  const found = nurse.getByRole('region', { name: 'Eén patiënt gevonden' });
  await step(found.getByRole('link', { name: /Leg een signaal vast/ }).click());
  await step(nurse.getByLabel('Wordt kwetsbaarder').check());
  // Words may stay out, and are no step.
  await nurse.getByLabel('Wat zag of hoorde u?').fill(mark);
  await step(nurse.getByRole('button', { name: 'Leg signaal vast' }).click());
  expect(steps).toBeLessThanOrEqual(6);
  await expect(nurse.getByRole('status')).toContainText('Het signaal is vastgelegd');
  await expect(nurse.getByText(mark)).toBeVisible();

  // What is wrong is said at its field, and what was typed stays.
  await nurse.getByLabel('Wat zag of hoorde u?').fill('Zonder reden');
  await nurse.getByRole('button', { name: 'Leg signaal vast' }).click();
  await expect(nurse.getByRole('alert')).toContainText('Kies minstens één reden');
  await expect(nurse.getByLabel('Wat zag of hoorde u?')).toHaveValue('Zonder reden');

  await nurse.goto('/?wie=organisatie&soort=signal');
  await expect(nurse.getByText('er is een signaal; nog niemand pakte het op').first()).toBeVisible();
});

test('whoever is not ready is asked again: the path on the page of the patient says when', async ({ as, patient }) => {
  const nurse = await as('district-nurse');
  await nurse.goto(`/patienten/${patient.id}/signalen`);
  await nurse.getByText('Leg vast of de patiënt open staat').click();
  const form = nurse.getByRole('form', { name: 'Open voor een gesprek?' });
  await form.getByRole('radio', { name: 'Nu niet' }).check();
  await form.getByLabel(/vanaf welke dag/).fill(day(40).typed);
  await form.getByRole('radio', { name: 'Uitgereikt en uitgelegd' }).check();
  await form.getByRole('button', { name: 'Leg het antwoord vast' }).click();
  await expect(nurse.getByRole('status')).toContainText('Het is vastgelegd');
  await nurse.goto(`/patienten/${patient.id}`);
  const path = nurse.getByRole('region', { name: 'Het verloop' });
  await expect(path).toContainText('Nu niet: vanaf');
  await expect(path.getByRole('listitem').last()).toContainText('Opnieuw vragen');
});

test('work, a task and signals pass axe @script', async ({ as, patient }) => {
  const page = await as('gp');
  await page.goto(`/patienten/${patient.id}/signalen`);
  await page.getByLabel('Wordt kwetsbaarder').check();
  await page.getByRole('button', { name: 'Leg signaal vast' }).click();
  await page.evaluate(() => document.querySelectorAll('details').forEach((part) => (part.open = true)));
  await expectAccessible(page, 'signals, all parts open');
  for (const [name, path] of [
    ['my work', '/'],
    ['work of my organisation', '/?wie=organisatie'],
    ['one kind of work', '/?wie=organisatie&soort=review'],
    ['work of my teams', '/?wie=team'],
    ['a patient', `/patienten/${patient.id}`],
  ]) {
    await page.goto(path);
    await expectAccessible(page, name);
  }
  await page.goto('/?wie=organisatie&soort=signal');
  await page.getByRole('link', { name: /Geef door of stel uit/ }).first().click();
  await expectAccessible(page, 'a task');
  await page.getByRole('button', { name: 'Stel uit' }).click();
  await expect(page.getByRole('alert')).toContainText('Dit is geen datum');
  await expectAccessible(page, 'a task with a mistake');
});
