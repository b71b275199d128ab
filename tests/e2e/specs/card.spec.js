import { expectAccessible } from '../support/axe.js';
import { decideOtherwise } from '../support/form.js';
import { expect, test } from '../support/test.js';

test.use({ versions: 1 });

/** The codes that the demo printed, by what they are worth. */
const printed = (region, standing) => region.demo.cards.find((card) => card.standing === standing);

const told = (page) => page.getByRole('heading', { level: 1 });

test('a stranger scans a card and learns whether it holds, and nothing else', async ({ as, region }) => {
  const page = await as(null);
  const patient = region.demo.patients.find((p) => p.id === printed(region, 'current').patient);
  for (const [standing, says] of [['current', /^\s*Actueel\s*$/], ['replaced', /^\s*Vervangen op \d+ \w+ \d{4}\s*$/]]) {
    await page.goto(`/kaart/${printed(region, standing).code}`);
    await expect(told(page)).toHaveText(says);
    const text = await page.getByRole('main').textContent();
    for (const secret of [patient.bsn, patient.name.split(' ').at(-1), 'reanim', 'versie 1']) {
      expect(text.toLowerCase()).not.toContain(secret.toLowerCase());
    }
  }
  // Typed over, without the camera.
  await page.goto('/kaart');
  await page.getByLabel('De code bij het plaatje').fill(printed(region, 'current').code.slice(0, 16).toLowerCase());
  await page.getByRole('button', { name: 'Kijk of hij nog geldt' }).click();
  await expect(told(page)).toHaveText('Actueel');
  await page.getByLabel('De code bij het plaatje').fill('dit is niets');
  await page.getByRole('button', { name: 'Kijk of hij nog geldt' }).click();
  await expect(page.getByRole('alert')).toContainText('geen code van een kaart');
});

test('a forged card is told to be none of ours', async ({ as, region }) => {
  const page = await as(null);
  const { code } = printed(region, 'current');
  await page.goto('/kaart/ABCDEFGHJKLMNPQR');
  await expect(told(page)).toHaveText('Niet van ons');
  // The token of a real card beside a decision that was changed.
  const forged = code.replace(/\.(c.)(v.)/, (_, cpr, ventilation) => `.c${cpr === 'c1' ? 0 : 1}${ventilation}`);
  expect(forged).not.toBe(code);
  await page.goto('/kaart');
  await page.getByLabel('De code bij het plaatje').fill(forged);
  await page.getByRole('button', { name: 'Kijk of hij nog geldt' }).click();
  await expect(told(page)).toHaveText('Niet van ons');
});

test('what stands behind the # is checked too, and stays in no address @script', async ({ as, region }) => {
  const page = await as(null);
  const { code } = printed(region, 'current');
  const asked = [];
  page.on('request', (request) => asked.push(request.url()));
  await page.goto(`/kaart/${code.replace(/.$/, (last) => (last === 'A' ? 'Q' : 'A'))}`);
  await expect(told(page)).toHaveText('Niet van ons');
  await expect(page).toHaveURL(/\/kaart\/[A-Z0-9]{16}$/);
  expect(asked.every((url) => !url.includes('K1.'))).toBe(true);
});

test('an old card after a change says when it was replaced, and the page asks for a new one', async ({ as, patient, fhir }) => {
  test.slow();
  const gp = await as('gp');
  await gp.goto(`/patienten/${patient.id}`);
  await gp.getByRole('link', { name: 'Noodkaart', exact: true }).click();
  await expect(told(gp)).toHaveText('Noodkaart');
  const href = await gp.getByRole('link', { name: 'Print de noodkaart (PDF)' }).getAttribute('href');
  const card = await gp.request.get(href);
  expect(card.headers()['content-type']).toBe('application/pdf');
  await gp.reload();
  const rows = gp.getByRole('region', { name: 'Wat er is geprint' }).getByRole('listitem');
  await expect(rows.first()).toContainText('actueel');

  const nurse = await as('district-nurse');
  await decideOtherwise(nurse, patient, (await fhir.resuscitation(patient))[0], 'Besproken aan de keukentafel');
  await gp.reload();
  await expect(rows.first()).toContainText('vervangen op');
  await gp.goto(`/patienten/${patient.id}`);
  await expect(gp.getByRole('region', { name: 'Wat er nog openstaat' })).toContainText('print een nieuwe');

  await gp.goto(`/patienten/${patient.id}/kaart`);
  await gp.getByRole('button', { name: /^Trek in: Noodkaart/ }).click();
  await expect(gp.getByRole('status')).toContainText('Ingetrokken');
  await expect(rows.first()).toContainText('ingetrokken');
});

test('acute care scans a card and sees at once what counts, in a contrast of 7:1 @script', async ({ as, region }) => {
  const { default: AxeBuilder } = await import('@axe-core/playwright');
  for (const colorScheme of ['light', 'dark']) {
    const page = await as('out-of-hours');
    await page.emulateMedia({ colorScheme });
    await page.goto(`/kaart/${printed(region, 'current').code}`);
    await expect(page).toHaveURL(new RegExp(`/spoed/${printed(region, 'current').patient}(#.*)?$`));
    const limits = page.getByRole('list').first().getByRole('listitem');
    for (let n = 0; n < 4; n++) await expect(limits.nth(n)).toBeInViewport({ ratio: 1 });
    const result = await new AxeBuilder({ page }).include('.urgent').withRules(['color-contrast-enhanced']).analyze();
    const wrong = result.violations.flatMap((v) => v.nodes.map((node) => `${node.target.join(' ')}: ${node.failureSummary}`));
    expect(wrong.join('\n'), colorScheme).toBe('');
    expect(result.passes.flatMap((pass) => pass.nodes).length, 'something was measured').toBeGreaterThan(3);
  }
});

test('acute care pastes what a scanner gives @script', async ({ as, region }) => {
  const page = await as('out-of-hours');
  const { code, patient } = printed(region, 'replaced');
  await page.goto('/spoed');
  await page.getByLabel('Of de code van een noodkaart').fill(`${region.demo.base_url}/kaart/${code}`);
  await page.getByRole('button', { name: 'Zoek' }).click();
  await expect(page).toHaveURL(new RegExp(`/spoed/${patient}$`));
});

test('the pages of the card pass axe in both colours @script', async ({ as, region }) => {
  for (const colorScheme of ['light', 'dark']) {
    const stranger = await as(null);
    await stranger.emulateMedia({ colorScheme });
    await stranger.goto('/kaart');
    await expectAccessible(stranger, 'check a card');
    for (const card of region.demo.cards) {
      await stranger.goto(`/kaart/${card.code}`);
      await expectAccessible(stranger, `a card that is ${card.standing}`);
    }
    await stranger.goto('/kaart/ABCDEFGHJKLMNPQR');
    await expectAccessible(stranger, 'a forged card');
    const gp = await as('gp');
    await gp.emulateMedia({ colorScheme });
    for (const card of region.demo.cards) {
      await gp.goto(`/patienten/${card.patient}/kaart`);
      await expectAccessible(gp, `the page of a card that is ${card.standing}`);
    }
  }
});
