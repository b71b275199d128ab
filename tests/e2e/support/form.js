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

/** Answers questions of the form by their names, and records it. Boxes and buttons are chosen by value. */
export async function recordAnswers(page, id, answers) {
  await page.goto(`/patienten/${id}/plan/bewerken`);
  for (const [name, value] of Object.entries(answers)) {
    await unfold(page, await topicOf(page, name));
    const field = page.locator(`[name="${name}"]`);
    const kind = await field.first().evaluate((e) => (e.localName === 'input' ? e.type : e.localName));
    if (kind === 'radio' || kind === 'checkbox') for (const one of [value].flat()) await page.locator(`[name="${name}"][value="${one}"]`).check();
    else if (kind === 'select') await field.selectOption(value);
    else await field.fill(value);
  }
  await page.getByRole('button', { name: /^Leg vast/ }).press('Enter');
  await expect(page.getByRole('heading', { level: 1 })).toHaveText('Plan voor zorg in de toekomst');
}
