import { openIdServer } from '../support/openid-server.js';
import { expect, test as base } from '../support/test.js';

const test = base.extend({
  login: [
    async ({}, use) => {
      const server = await openIdServer();
      await use(server);
      await server.stop();
    },
    { scope: 'worker', timeout: 120_000 },
  ],
  baseURL: async ({ login }, use) => use(login.base),
});

const heading = (page) => page.getByRole('heading', { level: 1 });

/** At the provider: who one is, and that the server may know. */
async function atProvider(page, who) {
  await page.locator('input[name="login"]').fill(who);
  await page.locator('input[name="password"]').fill('any');
  await page.locator('[type="submit"]').click();
  await page.locator('[type="submit"]').click();
}

test('somebody signs in through the provider and lands where they wanted to be', async ({ page }) => {
  await page.goto('/patienten');
  await page.getByRole('link', { name: 'Log in via uw organisatie' }).click();
  let returned = '';
  page.on('request', (request) => {
    if (request.url().includes('/inloggen/openid/terug')) returned = request.url();
  });
  await atProvider(page, 'gp');
  await expect(heading(page)).toHaveText('Patiënten');
  await expect(page.getByRole('banner')).toContainText('huisarts, Huisartsenpraktijk De Linde');

  // The same answer once more opens nothing, here or in another browser.
  expect(returned).toContain('code=');
  await page.goto('/');
  await page.getByRole('button', { name: 'Uitloggen' }).click();
  await page.goto(returned);
  await expect(page.getByRole('alert')).toContainText('lukte niet');
});

test('the provider’s word is for people and roles that are here', async ({ browser, login }) => {
  for (const [who, told] of [
    ['nobody', 'U bent hier niet bekend'],
    // Known, but as a doctor, which they are not here.
    ['carer', 'U bent hier niet bekend'],
  ]) {
    const context = await browser.newContext({ baseURL: login.base });
    const page = await context.newPage();
    await page.goto('/inloggen');
    await page.getByRole('link', { name: 'Log in via uw organisatie' }).click();
    await atProvider(page, who);
    await expect(page.getByRole('alert'), who).toContainText(told);
    await page.goto('/patienten');
    await expect(heading(page), who).toHaveText('Inloggen');
    await context.close();
  }
});

test('an answer that nobody asked for, or with another state, opens nothing', async ({ page, login }) => {
  await page.goto('/inloggen/openid/terug?code=guessed&state=guessed');
  await expect(page.getByRole('alert')).toContainText('lukte niet');
  await page.goto('/inloggen?naar=//evil.example');
  await page.getByRole('link', { name: 'Log in via uw organisatie' }).click();
  await expect(page.locator('input[name="login"]')).toBeVisible();
  await page.goto('/inloggen/openid/terug?code=guessed&state=guessed');
  await expect(page.getByRole('alert')).toContainText('lukte niet');
  // Nowhere else afterwards.
  await page.goto('/inloggen?naar=//evil.example');
  await page.getByRole('link', { name: 'Log in via uw organisatie' }).click();
  await atProvider(page, 'district-nurse');
  await expect(heading(page)).toHaveText('Mijn werk');
  expect(page.url().startsWith(login.base)).toBe(true);
});
