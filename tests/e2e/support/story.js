// What the stories that are played from start to end share: a region whose day can be set, and what people do in it.
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { freePort, serve } from './server.js';
import { expect } from './test.js';
import { cookiesOf } from './visit.js';

/** A region in which it is some day; it stays the same region when another day comes. */
export class Days {
  #folder = mkdtempSync(join(tmpdir(), 'tijdig-story-'));
  #browser;
  #options;
  #pages = new Map();
  #server;
  #port;

  constructor(browser, options) {
    this.#browser = browser;
    this.#options = options;
  }

  async become(today) {
    await this.#server?.stop();
    this.#port ??= await freePort();
    this.#server = await serve(this.#folder, ['--listen', `127.0.0.1:${this.#port}`, '--patients', '12', '--seed', '57', '--today', today]);
  }

  /** The page of somebody who is signed in, the same from day to day. */
  async page(username) {
    const { demo } = this.#server;
    if (!this.#pages.has(username)) {
      const context = await this.#browser.newContext({ ...this.#options, baseURL: demo.base_url });
      await context.addCookies(await cookiesOf(demo.base_url, demo.users.find((u) => u.username === username)));
      this.#pages.set(username, await context.newPage());
    }
    return this.#pages.get(username);
  }

  async end() {
    for (const page of this.#pages.values()) await page.context().close();
    await this.#server?.stop();
    rmSync(this.#folder, { recursive: true, force: true });
  }
}

export async function register(page, who) {
  await page.goto('/patienten/nieuw');
  await page.getByLabel('BSN', { exact: true }).fill(who.bsn);
  await page.getByLabel('Voornamen').fill(who.given);
  await page.getByLabel('Achternaam', { exact: true }).fill(who.family);
  await page.getByLabel('Geboortedatum').fill(who.born);
  await page.getByRole('radio', { name: who.sex, exact: true }).check();
  await page.getByRole('radio', { name: 'Thuis' }).check();
  await page.getByRole('button', { name: 'Registreer' }).press('Enter');
  await expect(page.getByRole('heading', { level: 1 })).toHaveText('In één oogopslag');
  return new URL(page.url()).pathname.split('/').pop();
}

export async function addToTeam(page, id, organisation) {
  await page.goto(`/patienten/${id}/zorgteam`);
  const who = page.getByLabel('Wie komt erbij?');
  const value = await who.locator('option', { hasText: organisation }).first().getAttribute('value');
  await who.selectOption(value);
  await page.getByRole('radio', { name: 'De patiënt', exact: true }).check();
  await page.getByRole('button', { name: 'Voeg toe aan het zorgteam' }).press('Enter');
  await expect(page.getByRole('region', { name: 'Wie er nu bij hoort' })).toContainText(organisation);
}

/** Who registers somebody at home is asked for the lead, and takes it. */
export async function takeLead(page, id, name) {
  await page.goto(`/patienten/${id}/zorgteam`);
  await page.getByRole('button', { name: 'Ik neem de regie', exact: true }).press('Enter');
  await expect(page.getByRole('region', { name: 'Regie' })).toContainText(`De regie heeft ${name}`);
}

export async function signal(page, id, reasons, words) {
  await page.goto(`/patienten/${id}/signalen`);
  for (const reason of reasons) await page.getByLabel(reason, { exact: true }).check();
  await page.getByLabel(/^Wat zag of hoorde u/).fill(words);
  await page.getByRole('button', { name: 'Leg signaal vast' }).press('Enter');
  await expect(page.getByRole('status')).toContainText('Het signaal is vastgelegd');
}

export async function answer(page, id, choice, { again } = {}) {
  await page.goto(`/patienten/${id}/signalen`);
  await page.getByText('Leg vast of de patiënt open staat').click();
  const form = page.getByRole('form', { name: 'Open voor een gesprek?' });
  await form.getByRole('radio', { name: choice, exact: true }).check();
  if (again) {
    await form.getByLabel(/vanaf welke dag/).fill(again);
    await form.getByRole('radio', { name: 'Uitgereikt en uitgelegd' }).check();
  }
  await form.getByRole('button', { name: 'Leg het antwoord vast' }).press('Enter');
  await expect(page.getByRole('status')).toContainText('Het is vastgelegd');
}

/** Where she stands, as her page says it. */
export async function expectPath(page, id, text) {
  await page.goto(`/patienten/${id}`);
  await expect(page.getByRole('region', { name: 'Het verloop' })).toContainText(text);
}

/** What changed between two versions, topic by topic, as the page tells it. */
export async function compared(page, id, from, to) {
  await page.goto(`/patienten/${id}/plan/vergelijk?van=${from}&tot=${to}`);
  await expect(page.getByRole('heading', { level: 1 })).toHaveText('Wat is er veranderd');
  return page.locator('.change').evaluateAll((all) =>
    all.map((change) => {
      const text = (selector) => [...change.querySelectorAll(selector)].map((e) => e.textContent.trim());
      const [after, before] = text('.said-text');
      return `${text('h2')[0]}: ${before} → ${after}`;
    }),
  );
}

/** Tells what happened: opens its form, fills it in, and sends it. */
export async function tell(page, id, kind, fill, button) {
  await page.goto(`/patienten/${id}/verloop`);
  await page.getByText(kind, { exact: true }).click();
  const form = page.getByRole('form', { name: kind, exact: true });
  await fill(form);
  await form.getByRole('button', { name: button }).press('Enter');
}

/** Confirms that nothing changed, with these people. */
export async function confirm(page, id, people) {
  await page.goto(`/patienten/${id}/bevestigen`);
  for (const name of people) await page.getByRole('checkbox', { name }).check();
  await page.getByRole('button', { name: 'Bevestig ongewijzigd' }).press('Enter');
  await expect(page.getByRole('status')).toContainText('ongewijzigd bevestigd');
}
