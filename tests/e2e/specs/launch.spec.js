import { createServer } from 'node:http';
import { generateKeyPairSync, randomUUID, sign } from 'node:crypto';
import { expectAccessible } from '../support/axe.js';
import { closed, configured } from '../support/configured.js';
import { recordSystem } from '../support/ehr.js';
import { openIdLines, openIdProvider } from '../support/openid-server.js';
import { freePort } from '../support/server.js';
import { expect, test as base } from '../support/test.js';
import { cookiesOf, idsIn } from '../support/visit.js';

/** The key of a system that has no SMART. */
const pair = generateKeyPairSync('ec', { namedCurve: 'P-384' });

const test = base.extend({
  /** A server that one record system opens patients at, and a provider that people sign in through. */
  linked: [
    async ({}, use) => {
      const [own, theirs, login] = [await freePort(), await freePort(), await freePort()];
      const at = `http://localhost:${own}`;
      const ehr = await recordSystem(at, theirs);
      const { provider, issuer } = openIdProvider(at, login);
      const listening = provider.listen(login, '127.0.0.1');
      const server = await configured(own, 20, async (write, run) => {
        const jwks = write('jwks.json', JSON.stringify({ keys: [{ ...pair.publicKey.export({ format: 'jwk' }), kid: '1' }] }));
        await run('client', 'add', 'his', '--scope', 'system/*.rs', '--organisation', 'Huisartsenpraktijk De Linde', '--jwks', jwks);
        return `[[smart]]\nname = "HIS"\nissuer = "${ehr.issuer}"\nclient_id = "tijdig"\n${openIdLines(issuer, write)}`;
      });
      await use({ ...server, ehr });
      await server.stop();
      await ehr.stop();
      await closed(listening);
    },
    { scope: 'worker', timeout: 120_000 },
  ],
  baseURL: async ({ linked }, use) => use(linked.base),
});

const heading = (page) => page.getByRole('heading', { level: 1 });

/** At a provider: who one is, and that the other may know. */
async function atProvider(page, who) {
  await page.locator('input[name="login"]').fill(who);
  await page.locator('input[name="password"]').fill('any');
  await page.locator('[type="submit"]').click();
  await page.locator('[type="submit"]').click();
}

/** A patient of the doctor's own list. */
async function ofDoctor(linked) {
  const cookies = await cookiesOf(linked.base, linked.users.find((u) => u.username === 'gp'));
  const header = { cookie: cookies.map((c) => `${c.name}=${c.value}`).join('; ') };
  const ids = idsIn(await (await fetch(`${linked.base}/patienten`, { headers: header })).text());
  return linked.patients.find((p) => ids.includes(p.id));
}

test('a doctor opens the patient at hand from the record system, and signs in once', async ({ page, linked }, info) => {
  const addresses = [];
  page.on('request', (request) => addresses.push(request.url()));
  const patient = await ofDoctor(linked);
  await page.goto(linked.ehr.open(patient.bsn));
  // At the record system, where the doctor works already; then here, through the provider, without a page in between.
  await atProvider(page, 'dokter');
  await atProvider(page, 'gp');
  await expect(heading(page)).toHaveText('In één oogopslag');
  expect(new URL(page.url()).pathname).toBe(`/patienten/${patient.id}`);
  const [asked] = linked.ehr.asked;
  expect(asked).toMatchObject({ code_challenge_method: 'S256', aud: linked.ehr.issuer, scope: 'launch patient/Patient.r' });

  // A second patient the same day: nobody is asked anything.
  const second = linked.patients.find((p) => p.id !== patient.id);
  await page.goto(linked.ehr.open(second.bsn));
  await expect(heading(page)).toHaveText(/In één oogopslag|Deze patiënt is niet te openen/);
  await page.goto(linked.ehr.open(patient.bsn));
  await expect(heading(page)).toHaveText('In één oogopslag');

  // Somebody who is not known here, and somebody who is but not to this doctor, are the same page.
  await page.goto(linked.ehr.open('999911120'));
  await expect(heading(page)).toHaveText('Deze patiënt is niet te openen');
  if (info.project.use.javaScriptEnabled !== false) await expectAccessible(page, 'not to be opened');

  // No number was in any address.
  const numbers = [...linked.patients.map((p) => p.bsn), '999911120'];
  for (const address of addresses) expect(numbers.some((bsn) => address.includes(bsn)), address).toBe(false);
});

/** A message that opens a patient with this number, signed by the system. */
function message(base, bsn) {
  const part = (value) => Buffer.from(JSON.stringify(value)).toString('base64url');
  const now = Math.floor(Date.now() / 1000);
  const claims = { iss: 'his', sub: 'his', aud: `${base}/koppelen/openen`, iat: now, exp: now + 60, jti: randomUUID(), bsn };
  const signed = `${part({ alg: 'ES384', typ: 'JWT', kid: '1' })}.${part(claims)}`;
  return `${signed}.${sign('sha384', Buffer.from(signed), { key: pair.privateKey, dsaEncoding: 'ieee-p1363' }).toString('base64url')}`;
}

test('a system without SMART sends a signed message from its own page, which counts once', async ({ page, linked }) => {
  const patient = await ofDoctor(linked);
  const jwt = message(linked.base, patient.bsn);
  const form = `<!doctype html><title>HIS</title><form method="post" action="${linked.base}/koppelen/openen"><input type="hidden" name="jwt" value="${jwt}"><button>Open</button></form>`;
  const his = createServer((_, response) => response.writeHead(200, { 'content-type': 'text/html' }).end(form));
  const port = await freePort();
  await new Promise((done) => his.listen(port, '127.0.0.3', done));
  try {
    const addresses = [];
    page.on('request', (request) => addresses.push(request.url()));
    await page.goto(`http://127.0.0.3:${port}/`);
    await page.getByRole('button', { name: 'Open' }).click();
    await atProvider(page, 'gp');
    await expect(heading(page)).toHaveText('In één oogopslag');
    expect(new URL(page.url()).pathname).toBe(`/patienten/${patient.id}`);
    for (const address of addresses) expect(address).not.toContain(patient.bsn);
    await page.goto(`http://127.0.0.3:${port}/`);
    await page.getByRole('button', { name: 'Open' }).click();
    await expect(heading(page)).toHaveText('De patiënt kon niet worden geopend');
    await expect(page.getByRole('main')).toContainText('al eens gebruikt');
  } finally {
    await closed(his);
  }
});

test('a system that is not known here opens nothing', async ({ page }) => {
  await page.goto('/smart/launch?iss=https://evil.example/fhir&launch=x');
  await expect(heading(page)).toHaveText('De patiënt kon niet worden geopend');
  await page.goto('/smart/terug?code=guessed&state=guessed');
  await expect(heading(page)).toHaveText('De patiënt kon niet worden geopend');
});
