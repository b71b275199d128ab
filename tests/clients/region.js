// A region to exchange with, and a token for it, as any system that connects gets one.
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { freePort, serve } from '../e2e/support/server.js';

/** Patients of the region; among them is everything that a plan can say. */
const PATIENTS = '60';

/** Starts it; gives the FHIR address, a token, the patients, a number that a new patient may have, and how to stop. */
export async function region() {
  const folder = mkdtempSync(join(tmpdir(), 'tijdig-clients-'));
  const { demo, stop } = await serve(folder, ['--listen', `127.0.0.1:${await freePort()}`, '--patients', PATIENTS, '--seed', '5']);
  const client = demo.api_clients.find((c) => c.client_id === 'provider-test');
  const body = new URLSearchParams({
    grant_type: 'client_credentials',
    client_id: client.client_id,
    client_secret: client.client_secret,
  });
  const answer = await fetch(`${demo.base_url}/oauth/token`, { method: 'POST', body });
  const { access_token: token } = await answer.json();
  return {
    base: `${demo.base_url}/fhir/r4`,
    token,
    patients: demo.patients,
    stop: async () => {
      await stop();
      rmSync(folder, { recursive: true, force: true });
    },
  };
}
