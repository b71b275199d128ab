import { unfold } from '../support/form.js';
import { expect, test } from '../support/test.js';

test('what a nurse records of limits is proposed, everywhere, until a doctor sets it in one step', async ({ as, patient, fhir }, info) => {
  const [inForce] = await fhir.resuscitation(patient);
  const wanted = inForce?.provision?.type === 'deny' ? ['Wel uitvoeren', 'permit'] : ['Niet uitvoeren', 'deny'];
  const nurse = await as('district-nurse');
  await nurse.goto(`/patienten/${patient.id}/plan/bewerken`);
  await unfold(nurse, 'Reanimatie');
  await nurse.getByRole('group', { name: /^Reanimatie: Wat spreken we af/ }).getByRole('radio', { name: wanted[0] }).check();
  await nurse.getByLabel(/^Reanimatie: Waarom/).fill(`Besproken aan de keukentafel [${info.project.name}]`);
  await nurse.getByRole('button', { name: /^Leg vast/ }).click();
  await expect(nurse.getByRole('heading', { level: 1 })).toHaveText('Plan voor zorg in de toekomst');
  await expect(nurse.getByRole('heading', { name: 'Eén behandelgrens is voorgesteld' })).toBeVisible();
  await expect(nurse.getByRole('link', { name: 'Lees ze en stel vast' }), 'a nurse does not set').toHaveCount(0);

  // A set limit stays in force beside the proposal (decision 1).
  const now = await fhir.resuscitation(patient);
  const proposed = now.filter((c) => c.status === 'proposed');
  expect(proposed.map((c) => c.provision.type)).toEqual([wanted[1]]);
  const stays = now.filter((c) => c.status === 'active');
  expect(stays.map((c) => [c.id, c.provision.type])).toEqual(inForce ? [[inForce.id, inForce.provision.type]] : []);
  expect(proposed[0].id).not.toBe(inForce?.id);

  const doctor = await as('gp');
  await doctor.goto(`/patienten/${patient.id}/plan`);
  await doctor.getByRole('link', { name: 'Lees ze en stel vast' }).click();
  await expect(doctor.getByRole('heading', { level: 1 })).toHaveText('Behandelgrenzen vaststellen');
  await doctor.getByRole('group', { name: 'Reanimatie: Uw besluit' }).getByRole('radio', { name: 'Stel vast' }).check();
  await doctor.getByRole('button', { name: 'Leg mijn besluit vast' }).click();
  await expect
    .poll(async () => (await fhir.resuscitation(patient)).map((c) => [c.status, c.provision.type]), { timeout: 1000, intervals: [50] })
    .toEqual([['active', wanted[1]]]);
});
