import { topicOf, unfold } from '../support/form.js';
import { expect, test } from '../support/test.js';

test('what was typed survives closing the browser, and is in no form until it is recorded', async ({ as, patient, fhir }, info) => {
  const before = (await fhir.forms(patient)).length;
  const wish = `Graag het raam open ${info.project.name}`;
  const page = await as('gp');
  await page.goto(`/patienten/${patient.id}/plan/bewerken`);
  await unfold(page, await topicOf(page, '1190'));
  await page.locator('[name="1190"]').fill(wish);
  if (info.project.use.javaScriptEnabled === false) {
    await page.getByRole('button', { name: 'Bewaar concept' }).click();
  } else {
    // Nothing is pressed: it is kept while one types.
    await expect(page.getByText(/^Concept bewaard om \d\d:\d\d/)).toBeVisible();
  }
  await page.context().close();

  const again = await as('gp');
  await again.goto(`/patienten/${patient.id}/plan`);
  await again.getByRole('link', { name: 'Ga verder met het concept' }).click();
  await expect(again.locator('[name="1190"]')).toHaveValue(wish);
  expect((await fhir.forms(patient)).length, 'a draft is not exchanged').toBe(before);
});
