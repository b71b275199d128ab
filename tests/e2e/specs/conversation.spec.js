import { expectAccessible } from '../support/axe.js';
import { day } from '../support/days.js';
import { expect, test } from '../support/test.js';

const open = (page, summary) => page.locator('summary', { hasText: summary }).click();

test('a conversation is prepared, invited to, held, and leaves what the next one begins with', async ({ as, patient }) => {
  const carer = await as('carer');
  await carer.goto(`/patienten/${patient.id}/gesprekken`);
  await open(carer, 'Schrijf op wat u hoorde of zag');
  const fact = carer.getByRole('form', { name: 'Wat u hoorde of zag' });
  await fact.getByLabel('Wat is er gezegd of gezien?').fill('Ik wil mijn hond niet kwijt');
  await fact.getByLabel('Wie zei het?').fill('mevrouw');
  await fact.getByRole('button', { name: 'Schrijf het op' }).click();
  await expect(carer.getByRole('status')).toContainText('Het is vastgelegd');
  await expect(carer.getByRole('link', { name: 'Schrijf een verslag' })).toHaveCount(0);

  const nurse = await as('district-nurse');
  await nurse.goto(`/patienten/${patient.id}`);
  await nurse.getByRole('link', { name: 'Gesprekken', exact: true }).click();
  await expect(nurse.getByText('mevrouw: Ik wil mijn hond niet kwijt').first()).toBeVisible();
  await open(nurse, 'Vraagt iets bijzondere aandacht');
  const attention = nurse.getByRole('form', { name: 'Bijzondere aandacht' });
  await attention.getByRole('radio', { name: 'Een tolk is nodig' }).check();
  await attention.getByRole('button', { name: 'Leg de aandachtspunten vast' }).click();
  await expect(nurse.getByRole('alert')).toContainText('Schrijf in welke taal');
  await attention.getByLabel('In welke taal').fill('Turks');
  await attention.getByRole('button', { name: 'Leg de aandachtspunten vast' }).click();
  await expect(nurse.getByRole('region', { name: 'Bijzondere aandacht' })).toContainText('Taal: Turks; een tolk is nodig.');

  const next = nurse.getByRole('region', { name: 'Volgend gesprek' });
  await open(nurse, 'Plan een gesprek');
  const form = nurse.getByRole('form', { name: 'Plan een gesprek' });
  await form.getByLabel('Op welke dag?').fill(day(8).typed);
  await form.getByLabel('Hoe laat?').fill('10:30');
  await form.getByLabel('Waar?').selectOption({ label: 'Bij de patiënt thuis' });
  await form.getByLabel('Wie wil de patiënt erbij hebben?').fill('dochter Mirjam');
  await form.getByRole('button', { name: 'Plan het gesprek' }).click();
  await expect(next).toContainText('om 10.30 uur');
  await expect(next).toContainText('Regel op tijd een tolk (Turks)');
  const letter = await next.getByRole('link', { name: 'Druk de uitnodiging af' }).getAttribute('href');
  const printed = await nurse.request.get(letter);
  expect(printed.headers()['content-type']).toBe('application/pdf');

  await nurse.getByRole('link', { name: 'Schrijf een verslag' }).click();
  await open(nurse, 'Gesprekswijzer');
  await expect(nurse.getByText('Spiritueel en zingeving')).toBeVisible();
  await nurse.getByLabel('S: wat de patiënt en naasten zeggen').fill('Wil thuis blijven, met de hond.');
  await open(nurse, 'Onderwerpen van het plan die nog besproken');
  await nurse.getByRole('checkbox', { name: 'Reanimatie' }).check();
  await nurse.getByLabel('Wat moet u verder nog bespreken?').fill('Wie voor de hond zorgt');
  await open(nurse, 'Plan meteen een vervolggesprek');
  await nurse.getByLabel('Op welke dag?').fill(day(20).typed);
  await nurse.getByRole('button', { name: 'Leg het verslag vast' }).click();
  await expect(nurse.getByRole('status')).toContainText('Het verslag is vastgelegd');
  await expect(nurse.getByRole('region', { name: 'Verslagen' })).toContainText('Wil thuis blijven, met de hond.');

  await nurse.getByRole('link', { name: 'Schrijf een verslag' }).click();
  await expect(nurse.getByRole('checkbox', { name: 'Reanimatie' })).toBeChecked();
  await expect(nurse.getByLabel('Wat moet u verder nog bespreken?')).toHaveValue('Wie voor de hond zorgt');
  await nurse.goto(`/patienten/${patient.id}/plan/bewerken`);
  await open(nurse, 'Wat er al gezegd is');
  await expect(nurse.getByText(/Wie voor de hond zorgt \(blijft liggen sinds/)).toBeVisible();
});

test('support is asked, answered, and read', async ({ as, patient }) => {
  const gp = await as('gp');
  await gp.goto(`/patienten/${patient.id}/gesprekken`);
  await open(gp, 'Vraag ondersteuning');
  const ask = gp.getByRole('form', { name: 'Vraag ondersteuning' });
  await ask.getByRole('radio', { name: 'Geestelijk verzorger' }).check();
  await ask.getByLabel('Wat vraagt u?').fill('Wilt u kennismaken?');
  await ask.getByLabel('Of aan wie daarbuiten?').fill('Centrum voor levensvragen, per telefoon');
  await ask.getByRole('button', { name: 'Vraag ondersteuning' }).click();
  const support = gp.getByRole('region', { name: 'Ondersteuning' });
  await expect(support).toContainText('wacht op antwoord');
  await open(gp, 'Leg het antwoord vast');
  await support.getByRole('radio', { name: 'Advies of verslag' }).check();
  await support.getByLabel('Het antwoord, advies of verslag').fill('Kwam langs; mevrouw vindt steun bij muziek.');
  await support.getByRole('button', { name: 'Leg het antwoord vast' }).click();
  await expect(support).toContainText('beantwoord');
  const nurse = await as('district-nurse');
  await nurse.goto(`/patienten/${patient.id}/gesprekken`);
  await expect(nurse.getByRole('region', { name: 'Wat al bekend is' })).toContainText('vindt steun bij muziek');
});

test('the pages of a conversation pass axe, and fit at 320 pixels @script', async ({ as, patient }) => {
  test.slow();
  const page = await as('gp');
  const at = `/patienten/${patient.id}/gesprekken`;
  await page.goto(at);
  await open(page, 'Vraag ondersteuning');
  await page.getByRole('button', { name: 'Vraag ondersteuning' }).click();
  await expect(page.getByRole('alert')).toContainText('Kies welke ondersteuning');
  await expectAccessible(page, 'conversations with a mistake');
  for (const [name, path] of [
    ['conversations', at],
    ['a report', `${at}/verslag`],
    ['the guide', `${at}/gesprekswijzer`],
    ['the form with the guide beside it', `/patienten/${patient.id}/plan/bewerken`],
  ]) {
    await page.setViewportSize({ width: 1280, height: 900 });
    await page.goto(path);
    await page.evaluate(() => document.querySelectorAll('details').forEach((part) => (part.open = true)));
    await expectAccessible(page, name);
    await page.setViewportSize({ width: 320, height: 800 });
    const sideways = () => page.evaluate(() => document.documentElement.scrollWidth - document.documentElement.clientWidth);
    expect.soft(await sideways(), `${name} at 320 pixels`).toBeLessThanOrEqual(0);
  }
});
