// A server that people sign in to through an OpenID provider, and the provider: both real, both on this machine.
import { spawn } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import Provider from 'oidc-provider';
import { binary } from './machine.js';

/** What the provider says of people beside their name. */
const ROLES = { gp: ['huisarts'], 'district-nurse': ['wijkverpleegkundige'], carer: ['huisarts'] };

/** Starts both; gives the server's address and how to stop. */
export async function openIdServer() {
  const folder = mkdtempSync(join(tmpdir(), 'tijdig-openid-'));
  const data = join(folder, 'data');
  const [own, theirs] = [await freePort(), await freePort()];
  const base = `http://localhost:${own}`;
  const issuer = `http://127.0.0.1:${theirs}`;
  const secret = 'een geheim: met & en %';

  const provider = new Provider(issuer, {
    clients: [
      {
        client_id: 'tijdig',
        client_secret: secret,
        redirect_uris: [`${base}/inloggen/openid/terug`],
        grant_types: ['authorization_code'],
        response_types: ['code'],
      },
    ],
    pkce: { required: () => true },
    claims: { openid: ['sub'], profile: ['preferred_username', 'roles'] },
    conformIdTokenClaims: false,
    findAccount: (_, id) => ({
      accountId: id,
      claims: async () => ({ sub: `nummer-${id}`, preferred_username: id, roles: ROLES[id] ?? [] }),
    }),
    cookies: { keys: ['only for this test'] },
  });
  const listening = provider.listen(theirs, '127.0.0.1');

  // A demo's folder, served with a configuration of its own.
  const demo = spawn(binary(), ['demo', '--listen', `127.0.0.1:${own}`, '--data', data, '--patients', '1'], { stdio: 'ignore' });
  await ready(`${base}/readyz`);
  await ended(demo);
  writeFileSync(join(folder, 'secret'), `${secret}\n`);
  writeFileSync(
    join(folder, 'tijdig.toml'),
    `listen = "127.0.0.1:${own}"\nbase_url = "${base}"\ndata = "${data}"\n[openid]\nissuer = "${issuer}"\nclient_id = "tijdig"\n` +
      `client_secret_file = "${join(folder, 'secret')}"\nscope = ["profile"]\nrole_claim = "roles"\n` +
      `[openid.roles]\nhuisarts = "gp"\nwijkverpleegkundige = "district-nurse"\n`,
  );
  const server = spawn(binary(), ['serve', '--config', join(folder, 'tijdig.toml')], { stdio: 'ignore' });
  await ready(`${base}/readyz`);
  const users = JSON.parse(readFileSync(join(data, 'demo.json'), 'utf8')).users;
  const stop = async () => {
    await ended(server);
    listening.closeAllConnections();
    await new Promise((done) => listening.close(done));
    rmSync(folder, { recursive: true, force: true });
  };
  return { base, users, stop };
}

async function ready(address) {
  for (let waited = 0; waited < 60_000; waited += 100) {
    try {
      if ((await fetch(address)).ok) return;
    } catch {
      // Not yet there.
    }
    await new Promise((done) => setTimeout(done, 100));
  }
  throw new Error(`${address} does not answer`);
}

async function ended(child) {
  const gone = new Promise((done) => child.once('exit', done));
  child.kill('SIGTERM');
  await gone;
}

function freePort() {
  return new Promise((done, failed) => {
    const server = createServer();
    server.on('error', failed);
    server.listen(0, '127.0.0.1', () => {
      const { port } = server.address();
      server.close(() => done(port));
    });
  });
}
