// One region for all tests: started before them, stopped after them.
import { spawn } from 'node:child_process';
import { closeSync, mkdtempSync, openSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { binary } from './machine.js';
import { cookiesOf, idsIn } from './visit.js';

/** Sign-ins that tests use, each signed in once: signing in is throttled, as it should be. */
const ROLES = ['gp', 'practice-nurse', 'district-nurse', 'carer', 'out-of-hours', 'network-coordinator', 'organisation-admin'];

/** How the server is found by the tests, which run in processes of their own. */
export const STATE = 'TIJDIG_E2E_STATE';

export default async function start() {
  const folder = mkdtempSync(join(tmpdir(), 'tijdig-e2e-'));
  const words = ['--listen', `127.0.0.1:${await freePort()}`, '--patients', '1000', '--seed', '11'];
  // The same story on PostgreSQL: the address of an empty database.
  if (process.env.TIJDIG_E2E_DATABASE) words.push('--database', process.env.TIJDIG_E2E_DATABASE);
  const { demo, stop } = await serve(folder, words);
  const stopAll = async () => {
    await stop();
    rmSync(folder, { recursive: true, force: true });
  };
  try {
    const people = {};
    for (const role of ROLES) {
      const user = demo.users.find((u) => u.username === role);
      if (!user) throw new Error(`demo.json has no user ${role}`);
      const cookies = await cookiesOf(demo.base_url, user);
      people[role] = { ...user, cookies, caseload: await caseload(demo.base_url, cookies) };
    }
    const state = join(folder, 'state.json');
    writeFileSync(state, JSON.stringify({ demo, people }));
    process.env[STATE] = state;
  } catch (error) {
    await stopAll();
    throw error;
  }
  return stopAll;
}

/** A region that is served from this folder, made where it is not there yet: what `demo.json` says, and how to stop it. */
export async function serve(folder, words) {
  const data = join(folder, 'data');
  const log = openSync(join(folder, 'log'), 'w');
  const server = spawn(binary(), ['demo', '--data', data, ...words], { stdio: ['ignore', log, log] });
  let ended = null;
  server.on('error', (error) => (ended = error.message));
  server.on('exit', (code, signal) => (ended = `exit ${code ?? signal}`));

  const stop = async () => {
    if (ended === null) {
      const gone = new Promise((done) => server.once('exit', done));
      server.kill('SIGTERM');
      const late = setTimeout(() => server.kill('SIGKILL'), 10_000);
      await gone;
      clearTimeout(late);
    }
    closeSync(log);
  };
  try {
    return { demo: await ready(data, () => ended, join(folder, 'log')), stop };
  } catch (error) {
    await stop();
    throw error;
  }
}

async function ready(data, ended, log) {
  for (let waited = 0; waited < 120_000; waited += 100) {
    if (ended() !== null) throw new Error(`the server ended (${ended()}):\n${readFileSync(log, 'utf8')}`);
    try {
      const demo = JSON.parse(readFileSync(join(data, 'demo.json'), 'utf8'));
      if ((await fetch(`${demo.base_url}/readyz`)).ok) return demo;
    } catch {
      // Not yet there.
    }
    await new Promise((done) => setTimeout(done, 100));
  }
  throw new Error(`the server is not ready:\n${readFileSync(log, 'utf8')}`);
}

/** A port that nobody listens on. */
export function freePort() {
  return new Promise((done, failed) => {
    const server = createServer();
    server.on('error', failed);
    server.listen(0, '127.0.0.1', () => {
      const { port } = server.address();
      server.close(() => done(port));
    });
  });
}

/** Ids of the patients whom a signed-in person finds under 'Patiënten', over all its pages. */
async function caseload(base, cookies) {
  const header = { cookie: cookies.map((c) => `${c.name}=${c.value}`).join('; ') };
  const ids = new Set();
  for (let path = '/patienten'; path; ) {
    const page = await fetch(base + path, { headers: header, redirect: 'manual' });
    if (!page.ok) break;
    const html = await page.text();
    for (const id of idsIn(html)) ids.add(id);
    const next = html.match(/<a href="([^"]+)" rel="next"/);
    path = next ? next[1].replaceAll('&amp;', '&') : null;
  }
  return [...ids];
}
