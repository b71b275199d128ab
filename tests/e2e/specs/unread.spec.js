import { expectAccessible } from '../support/axe.js';
import { decideOtherwise } from '../support/form.js';
import { expect, test } from '../support/test.js';

test('a changed limit stands on the work page of who read the plan, until it is read again', async ({ as, patient, fhir }, info) => {
  // Axe itself is a script.
  const axe = async (name) => {
    if (info.project.use.javaScriptEnabled !== false) await expectAccessible(nurse, name);
  };
  const [doctor, nurse] = [await as('gp'), await as('district-nurse')];
  const plan = `/patienten/${patient.id}/plan`;
  const news = nurse.locator('li', { has: nurse.locator(`a[href="${plan}"]`), hasText: 'Het plan van' });
  const since = nurse.getByRole('region', { name: 'Veranderd sinds u dit plan las' });
  await nurse.goto(plan);
  const again = async () => (await nurse.reload(), since.count());
  await expect.poll(again, { message: 'it has been read now', timeout: 5_000 }).toBe(0);

  const [inForce] = await fhir.resuscitation(patient);
  await decideOtherwise(doctor, patient, inForce, `Na de opname besproken [${info.project.name}]`);

  await nurse.goto('/');
  await expect(news).toContainText('Reanimatie');
  await expect(news).toContainText('een behandelgrens is anders; u las versie');
  await axe('work with news');
  await news.getByRole('link', { name: /Lees het plan/ }).click();
  await expect(since).toContainText('Reanimatie');
  await expect(since).toContainText('U las versie');
  await axe('a plan that changed');
  await since.getByRole('link', { name: 'Vergelijk wat er veranderde' }).click();
  await expect(nurse.getByRole('heading', { level: 1 })).toHaveText('Wat is er veranderd');
  await expect(nurse.getByRole('heading', { name: 'Reanimatie' })).toBeVisible();

  await expect.poll(async () => (await nurse.goto('/'), news.count()), { timeout: 5_000 }).toBe(0);
  await nurse.goto(plan);
  await expect(since).toHaveCount(0);

  // The team sees who read which version.
  await nurse.goto(`/patienten/${patient.id}`);
  const readers = nurse.getByRole('region', { name: 'Wie las het plan' });
  await expect(readers.getByRole('listitem').filter({ hasText: 'Saskia de Wit' })).toContainText(/las versie \d+ op/);
  await axe('who read the plan');
});
