import { expectAccessible } from '../support/axe.js';
import { enterAsPatient } from '../support/letter.js';
import { expect, test } from '../support/test.js';

test('who prepares in Turkish on a phone is read beside the form, and two answers are taken over', async ({ as, patient }, info) => {
  const withScripts = info.project.use.javaScriptEnabled !== false;
  const axe = async (page, name) => {
    if (withScripts) await expectAccessible(page, name);
  };
  const id = patient.id;
  const gp = await as('gp');
  const page = await as(null);
  await enterAsPatient(gp, page, patient);
  await page.getByRole('link', { name: 'Bereid het gesprek voor' }).click();
  await axe(page, 'preparing, in Dutch or as it was left');
  await page.getByRole('button', { name: 'العربية' }).click();
  await expect(page.locator('[dir="rtl"]')).toContainText('الاستعداد للمحادثة');
  await axe(page, 'preparing, in Arabic');
  await page.getByRole('button', { name: 'Türkçe' }).click();
  await expect(page.getByRole('heading', { level: 1 })).toHaveText('Görüşmeye hazırlanın');
  await page.getByLabel('Hayatınızda sizin için önemli olan nedir?').fill('Torunlarım');
  await page.getByLabel('Sizi endişelendiren nedir?').fill('Ağrı');
  if (withScripts) {
    // Typing takes the word away that the button left, and keeping brings it back.
    await expect(page.getByRole('status')).toHaveText('');
    await expect(page.getByRole('status')).toHaveText('Kaydedildi.');
    await page.reload();
    await expect(page.getByLabel('Sizi endişelendiren nedir?')).toHaveValue('Ağrı');
  } else {
    await page.getByRole('button', { name: 'Kaydet' }).click();
    await expect(page.getByRole('status')).toHaveText('Kaydedildi.');
  }
  await axe(page, 'preparing, in Turkish');
  await page.getByRole('link', { name: /yazdırmak/ }).click();
  await expect(page.locator('main')).toContainText('Torunlarım');
  await axe(page, 'prepared, to print');

  await gp.goto(`/patienten/${id}/plan/bewerken`);
  await expect(gp.getByText('Wat belangrijk is in het leven')).toBeVisible();
  for (const n of [0, 1]) await gp.getByRole('button', { name: /^Neem over bij/ }).nth(n).click();
  for (const said of ['Torunlarım', 'Ağrı']) {
    const taken = gp.locator('textarea').filter({ hasText: `‘${said}’ (zelf opgeschreven door de patiënt, in het Turks` });
    await expect(taken).toHaveCount(1);
  }
  await axe(gp, 'the form with what was prepared');
  await gp.getByRole('button', { name: 'Leg vast' }).click();
  await expect(gp.locator('main')).toContainText('zelf opgeschreven door de patiënt, in het Turks');
});
