// A server with a configuration of its own, over the folder that a demo made.
import { execFile, spawn } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { binary } from './machine.js';

/**
 * Starts it on a port with these lines of configuration; `write` puts a file beside it, and gives its path; `run` runs a
 * command of the program on its data, before it is served.
 */
export async function configured(port, patients, lines) {
  const folder = mkdtempSync(join(tmpdir(), 'tijdig-configured-'));
  const data = join(folder, 'data');
  const base = `http://localhost:${port}`;
  const demo = spawn(binary(), ['demo', '--listen', `127.0.0.1:${port}`, '--data', data, '--patients', `${patients}`], { stdio: 'ignore' });
  await ready(`${base}/readyz`);
  await ended(demo);
  const write = (name, text) => {
    const file = join(folder, name);
    writeFileSync(file, text);
    return file;
  };
  const run = (...words) => promisify(execFile)(binary(), [...words, '--data', data]);
  const own = `listen = "127.0.0.1:${port}"\nbase_url = "${base}"\ndata = "${data}"\n`;
  const config = write('tijdig.toml', own + (await lines(write, run)));
  const server = spawn(binary(), ['serve', '--config', config], { stdio: 'ignore' });
  await ready(`${base}/readyz`);
  const { users, patients: people } = JSON.parse(readFileSync(join(data, 'demo.json'), 'utf8'));
  const stop = async () => {
    await ended(server);
    rmSync(folder, { recursive: true, force: true });
  };
  return { base, users, patients: people, stop };
}

/** Ends a server of Node's, whoever is still connected. */
export async function closed(server) {
  server.closeAllConnections();
  await new Promise((done) => server.close(done));
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
