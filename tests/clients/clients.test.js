// Libraries that know nothing of this server, unmodified, against one that runs: what they cannot read is wrong here.
import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { after, before, test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { CapabilityTool, Client } from 'fhir-kit-client';
import { region } from './region.js';

const here = (name) => fileURLToPath(new URL(name, import.meta.url));
const searches = JSON.parse(readFileSync(here('searches.json'), 'utf8'));

/** Wants back what was written, as it is now. */
const WHOLE = { headers: { prefer: 'return=representation' } };

let at;
let client;
before(async () => {
  at = await region();
  client = new Client({ baseUrl: at.base, bearerToken: at.token });
});
after(() => at?.stop());

/** The parameters of one of the standard's searches about a patient. */
function asked([, params, include], id) {
  return { patient: `Patient/${id}`, ...params, ...(include ? { _include: include } : {}) };
}

/** A patient about whom every one of the standard's searches finds something. */
async function richest() {
  for (const { id } of at.patients) {
    const totals = await Promise.all(
      searches.map(async (search) => (await client.search({ resourceType: search[0], searchParams: asked(search, id) })).total),
    );
    if (totals.every((total) => total > 0)) return id;
  }
  throw new Error('nobody in the region has everything that a plan can say');
}

test('fhir-kit-client finds out what the server offers', async () => {
  const statement = await client.capabilityStatement();
  assert.equal(statement.fhirVersion, '4.0.1');
  const able = new CapabilityTool(statement);
  for (const [kind, params] of searches) {
    assert.ok(able.resourceCan(kind, 'read') && able.resourceCan(kind, 'search-type'), kind);
    for (const name of ['patient', ...Object.keys(params).filter((n) => !n.includes('.'))]) {
      assert.ok(able.resourceSearch(kind, name), `${kind}.${name}`);
    }
  }
  assert.ok(able.serverCan('transaction'));
  const auth = await client.smartAuthMetadata();
  assert.equal(String(auth.tokenUrl), new URL('/oauth/token', at.base).href);
});

test('fhir-kit-client searches as the standard asks, by address and by body, and reads what it finds', async () => {
  const id = await richest();
  for (const search of searches) {
    const [resourceType, , include] = search;
    const searchParams = asked(search, id);
    const found = await client.search({ resourceType, searchParams });
    const posted = await client.search({ resourceType, searchParams, options: { postSearch: true } });
    assert.deepEqual(posted.entry, found.entry, resourceType);
    const [first] = found.entry;
    assert.equal(first.resource.resourceType, resourceType);
    if (include) assert.ok(found.entry.some((e) => e.search.mode === 'include'), resourceType);
    const read = await client.read({ resourceType, id: first.resource.id });
    assert.deepEqual(read, first.resource);
    const { versionId } = first.resource.meta;
    assert.deepEqual(await client.vread({ resourceType, id: read.id, version: versionId }), read);
    const history = await client.history({ resourceType, id: read.id });
    assert.equal(history.type, 'history');
    assert.ok(history.entry.some((e) => e.resource?.meta.versionId === versionId), resourceType);
  }
});

test('fhir-kit-client turns pages forward and back, and resolves references', async () => {
  const id = await richest();
  const every = await client.search({ resourceType: 'Consent', searchParams: { patient: id } });
  let page = await client.search({ resourceType: 'Consent', searchParams: { patient: id, _count: '2' } });
  const ids = [];
  let pages = 0;
  for (let next = page; next; next = await client.nextPage({ bundle: page })) {
    page = next;
    pages += 1;
    ids.push(...page.entry.map((e) => e.resource.id));
  }
  assert.deepEqual(ids, every.entry.map((e) => e.resource.id));
  assert.ok(pages > 1);
  const directive = every.entry[0].resource;
  const patient = await client.resolve({ reference: directive.patient.reference, context: directive });
  assert.equal(patient.id, id);
});

test('fhir-kit-client is told what is wrong in words that it can pass on', async () => {
  const wrong = async (work) => {
    const error = await work.then(() => null, (e) => e);
    assert.ok(error, 'nothing was wrong');
    const outcome = error.response?.data ?? error.body ?? error.data;
    assert.equal(outcome?.resourceType, 'OperationOutcome', JSON.stringify(error));
    return outcome.issue[0];
  };
  assert.equal((await wrong(client.read({ resourceType: 'Patient', id: 'nobody' }))).severity, 'error');
  const [{ id }] = at.patients;
  const unknown = client.search({ resourceType: 'Consent', searchParams: { patient: id, date: 'yesterday' } });
  assert.match((await wrong(unknown)).details.text, /datum/);
  await wrong(client.update({ resourceType: 'Goal', id: 'x', body: { resourceType: 'Goal', id: 'x' } }));
  const stranger = new Client({ baseUrl: at.base });
  assert.equal((await wrong(stranger.read({ resourceType: 'Patient', id }))).code, 'login');
});

test('fhir-kit-client delivers a form, and reads it back as it was', async () => {
  const id = await richest();
  const { entry } = await client.search({ resourceType: 'QuestionnaireResponse', searchParams: { subject: `Patient/${id}` } });
  const { id: before, meta: _, ...form } = entry[0].resource;
  const words = JSON.stringify(form.item).match(/"valueString":"([^"\\]{20,})"/)[1];
  const changed = { ...form, item: JSON.parse(JSON.stringify(form.item).replaceAll(words, `${words} (gewijzigd)`)) };
  const created = await client.create({ resourceType: 'QuestionnaireResponse', body: changed, options: WHOLE });
  assert.notEqual(created.id, before);
  assert.deepEqual(created.item, changed.item);
  // The same form again is no new version.
  const again = await client.create({ resourceType: 'QuestionnaireResponse', body: changed, options: WHOLE });
  assert.equal(again.id, created.id);
});

/** Runs a Python test against the region, with the packages of `requirements.txt`. */
async function python(file) {
  const program = here('.venv/bin/python');
  assert.ok(existsSync(program), 'no .venv here: python3 -m venv .venv && .venv/bin/pip install --require-hashes -r requirements.txt');
  const set = { TIJDIG_FHIR: at.base, TIJDIG_TOKEN: at.token, TIJDIG_PATIENTS: at.patients.map((p) => p.id).join(' ') };
  const child = spawn(program, ['-W', 'error::ResourceWarning', '-m', 'unittest', '-v', file], {
    cwd: here('.'),
    env: { ...process.env, ...set },
    stdio: ['ignore', 'inherit', 'inherit'],
  });
  const code = await new Promise((done) => child.once('exit', done));
  assert.equal(code, 0, `${file} failed`);
}

test('fhirpy reads, searches, turns pages and delivers', () => python('with_fhirpy.py'));
test('fhirclient takes every resource for a sound one', () => python('with_fhirclient.py'));
