import { decideOtherwise } from '../support/form.js';
import { expect, test } from '../support/test.js';

test('what a nurse records of limits is proposed, everywhere, until a doctor sets it in one step', async ({ as, patient, fhir }, info) => {
  const [inForce] = await fhir.resuscitation(patient);
  const nurse = await as('district-nurse');
  const decision = await decideOtherwise(nurse, patient, inForce, `Besproken aan de keukentafel [${info.project.name}]`);
  await expect(nurse.getByRole('heading', { name: 'Eén behandelgrens is voorgesteld' })).toBeVisible();
  await expect(nurse.getByRole('link', { name: /en stel vast$/ }), 'a nurse does not set').toHaveCount(0);

  // A set limit stays in force beside the proposal (decision 1).
  const now = await fhir.resuscitation(patient);
  const proposed = now.filter((c) => c.status === 'proposed');
  expect(proposed.map((c) => c.provision.type)).toEqual([decision.type]);
  const stays = now.filter((c) => c.status === 'active');
  expect(stays.map((c) => [c.id, c.provision.type])).toEqual(inForce ? [[inForce.id, inForce.provision.type]] : []);
  expect(proposed[0].id).not.toBe(inForce?.id);

  const doctor = await as('gp');
  await doctor.goto(`/patienten/${patient.id}/plan`);
  await doctor.getByRole('link', { name: /en stel vast$/ }).click();
  await expect(doctor.getByRole('heading', { level: 1 })).toHaveText('Behandelgrenzen vaststellen');
  await doctor.getByRole('group', { name: 'Reanimatie: Uw besluit' }).getByRole('radio', { name: 'Stel vast' }).check();
  await doctor.getByRole('button', { name: 'Leg mijn besluit vast' }).click();
  await expect
    .poll(async () => (await fhir.resuscitation(patient)).map((c) => [c.status, c.provision.type]), { timeout: 1000, intervals: [50] })
    .toEqual([['active', decision.type]]);
});
