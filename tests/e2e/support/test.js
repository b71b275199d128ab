// What every test has at hand: the region, people who are signed in, patients of its own, and the FHIR API.
import { closeSync, openSync, readFileSync } from 'node:fs';
import { test as base, expect } from '@playwright/test';
import './machine.js';
import { day } from './days.js';
import { Fhir } from './fhir.js';
import { STATE } from './server.js';

export { expect };

export const test = base.extend({
  /** How many versions the patient's plan has at least. */
  versions: [1, { option: true }],

  /** Among how many of the region's first patients it is. */
  among: [Infinity, { option: true }],

  /** For how many days nobody talked with them. */
  silent: [1, { option: true }],

  /** Whether it is to be somebody who wants to be resuscitated. */
  resuscitated: [false, { option: true }],

  region: [async ({}, use) => use(JSON.parse(readFileSync(process.env[STATE], 'utf8'))), { scope: 'worker' }],

  baseURL: async ({ region }, use) => use(region.demo.base_url),

  /** Opens a page in a browser of its own, for somebody in this role who is signed in; `null` for a stranger. */
  as: async ({ browser, region }, use, info) => {
    const contexts = [];
    await use(async (role) => {
      const { viewport, javaScriptEnabled, locale, timezoneId } = info.project.use;
      const context = await browser.newContext({ viewport, javaScriptEnabled, locale, timezoneId, baseURL: region.demo.base_url });
      if (role) await context.addCookies(region.people[role].cookies);
      contexts.push(context);
      return context.newPage();
    });
    for (const context of contexts) await context.close();
  },

  /** The FHIR API, as the system that may do everything. */
  fhir: async ({ region }, use) => {
    const client = region.demo.api_clients.find((c) => c.client_id === 'provider-test');
    await use(await Fhir.open(region.demo.base_url, client));
  },

  /** A patient with a plan whom the doctor and the district nurse both know, and whom no other test uses. */
  patient: async ({ region, fhir, versions, among, silent, resuscitated }, use, info) => {
    const both = region.people.gp.caseload.filter((id) => region.people['district-nurse'].caseload.includes(id));
    for (const id of both) {
      const patient = region.demo.patients.find((p) => p.id === id);
      if (region.demo.patients.indexOf(patient) >= among || !claim(id)) continue;
      if (!(await isQuiet(fhir, patient, silent)) || (await fhir.forms(patient)).length < versions) continue;
      if (resuscitated && !(await fhir.resuscitation(patient)).some((c) => c.status === 'active' && c.provision.type === 'permit')) continue;
      info.annotations.push({ type: 'patient', description: id });
      await use(patient);
      return;
    }
    throw new Error(`none of ${both.length} patients is left: make a larger region`);
  },
});

/** Takes a patient for one test; `false` where another process was first. */
function claim(id) {
  try {
    closeSync(openSync(`${process.env[STATE]}.taken-${id}`, 'wx'));
    return true;
  } catch (error) {
    if (error.code === 'EEXIST') return false;
    throw error;
  }
}

/** Alive, a plan, nothing said for so many days (what is older files itself in history), and no proposal that waits. */
async function isQuiet(fhir, patient, silent) {
  const [who] = await fhir.search(`Patient?_id=${patient.id}`);
  if (!who || who.deceasedDateTime || who.deceasedBoolean) return false;
  const conversations = await fhir.search(`Encounter?patient=Patient/${patient.id}`);
  const days = conversations.map((e) => e.period?.start?.slice(0, 10) ?? '');
  const directives = await fhir.search(`Consent?patient=Patient/${patient.id}`);
  return days.length > 0 && days.every((d) => d < day(-silent).iso) && directives.every((c) => c.status !== 'proposed');
}
