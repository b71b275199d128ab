// The plan's form: its topics are folded to a line each.
import { expect } from '@playwright/test';

/** Opens a topic, unless it is open. */
export async function unfold(page, label) {
  const topic = page.locator('details', { has: page.locator('summary .label').getByText(label, { exact: true }) });
  if ((await topic.getAttribute('open')) === null) await topic.locator('summary').click();
}

/** Records another decision about resuscitation than the one in force, by who is signed in; gives which. */
export async function decideOtherwise(page, patient, inForce, why) {
  const decision = inForce?.provision?.type === 'deny' ? { choice: 'Wel uitvoeren', type: 'permit', said: 'Wel reanimeren' } : { choice: 'Niet uitvoeren', type: 'deny', said: 'Niet reanimeren' };
  await page.goto(`/patienten/${patient.id}/plan/bewerken`);
  await unfold(page, 'Reanimatie');
  await page.getByRole('group', { name: /^Reanimatie: Wat spreken we af/ }).getByRole('radio', { name: decision.choice }).check();
  await page.getByLabel(/^Reanimatie: Waarom/).fill(why);
  // By keyboard: a click waits for two frames in which the button stands still, and without scripts a narrow page may
  // draw none.
  await page.getByRole('button', { name: 'Leg vast' }).press('Enter');
  await expect(page.getByRole('heading', { level: 1 })).toHaveText('Plan voor zorg in de toekomst');
  return decision;
}

/** The topic in which a question stands. */
export async function topicOf(page, name) {
  return page.locator('details', { has: page.locator(`[name="${name}"]`) }).locator('summary .label').innerText();
}
