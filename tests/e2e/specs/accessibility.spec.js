import { expectAccessible } from '../support/axe.js';
import { decideOtherwise } from '../support/form.js';
import { expect, test } from '../support/test.js';

const PAGES = [
  ['my work', () => '/'],
  ['find a patient', () => '/patienten'],
  ['register a patient', () => '/patienten/nieuw'],
  ['a patient', (id) => `/patienten/${id}`],
  ['identity of a patient', (id) => `/patienten/${id}/gegevens`],
  ['the plan', (id) => `/patienten/${id}/plan`],
  ['recording', (id) => `/patienten/${id}/plan/bewerken`],
  ['versions', (id) => `/patienten/${id}/plan/versies`],
  ['a version', (id) => `/patienten/${id}/plan/versies/1`],
  ['a comparison', (id) => `/patienten/${id}/plan/vergelijk?van=1&tot=2`],
  ['setting limits', (id) => `/patienten/${id}/plan/vaststellen`],
];

test.use({ versions: 2 });

// axe itself needs scripts to run, so 'without' keeps the pages' own scripts away and nothing else.
for (const [scripts, colours] of [
  ['with', 'light'],
  ['without', 'dark'],
]) {
  test(`all pages pass axe ${scripts} their scripts, in ${colours} colours @script`, async ({ as, patient, fhir }) => {
    test.slow();
    const nurse = await as('district-nurse');
    await decideOtherwise(nurse, patient, (await fhir.resuscitation(patient))[0], 'Besproken aan de keukentafel');

    const page = await as('gp');
    await page.emulateMedia({ colorScheme: colours });
    if (scripts === 'without') await page.route('**/assets/**/*.js', (route) => route.abort());
    for (const [name, path] of PAGES) {
      const answer = await page.goto(path(patient.id));
      expect.soft(answer.status(), name).toBe(200);
      await expectAccessible(page, name);
    }
    await page.goto(`/patienten/${patient.id}/plan/bewerken`);
    await page.evaluate(() => document.querySelectorAll('details').forEach((topic) => (topic.open = true)));
    await expectAccessible(page, 'recording, all topics open');

    await page.goto('/patienten');
    await page.getByLabel('BSN', { exact: true }).fill('123456789');
    await page.getByRole('button', { name: 'Zoek' }).click();
    await expectAccessible(page, 'a mistake in a form');
    await page.goto('/patienten/00000000-0000-4000-8000-000000000000');
    await expectAccessible(page, 'a patient who is not one’s own');

    const stranger = await as(null);
    await stranger.emulateMedia({ colorScheme: colours });
    await stranger.goto('/inloggen');
    await expectAccessible(stranger, 'sign in');
  });
}

test('a page reads well when text is twice as large, and at 320 pixels @script', async ({ as, patient }) => {
  const page = await as('gp');
  for (const [name, path] of PAGES) {
    await page.setViewportSize({ width: 320, height: 800 });
    await page.goto(path(patient.id));
    const sideways = () => page.evaluate(() => document.documentElement.scrollWidth - document.documentElement.clientWidth);
    expect.soft(await sideways(), `${name} at 320 pixels`).toBeLessThanOrEqual(0);
    await page.setViewportSize({ width: 1280, height: 900 });
    await page.evaluate(() => (document.documentElement.style.fontSize = '200%'));
    expect.soft(await sideways(), `${name} with text at 200%`).toBeLessThanOrEqual(0);
  }
});

test('the first Tab leads past the menu, and the focus can be seen', async ({ as, patient }) => {
  const page = await as('gp');
  await page.goto(`/patienten/${patient.id}/plan`);
  await page.keyboard.press('Tab');
  const skip = page.getByRole('link', { name: 'Naar de inhoud' });
  await expect(skip).toBeFocused();
  await expect(skip).toBeInViewport();
  const outline = await skip.evaluate((element) => getComputedStyle(element).outlineStyle);
  expect(outline).not.toBe('none');
  await page.keyboard.press('Enter');
  await expect(page).toHaveURL(/#inhoud$/);
});
