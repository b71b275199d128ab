// Where the machine keeps what the tests need.
import { accessSync, constants } from 'node:fs';
import { setDefaultResultOrder } from 'node:dns';
import { delimiter, join } from 'node:path';
import { fileURLToPath } from 'node:url';

// The program listens on 127.0.0.1 and calls itself localhost.
setDefaultResultOrder('ipv4first');

/** The Chromium to use: the one named by TIJDIG_CHROMIUM, or the one on the search path. */
export function chromium() {
  const named = process.env.TIJDIG_CHROMIUM;
  const names = ['chromium', 'chromium-browser', 'google-chrome'];
  const folders = (process.env.PATH ?? '').split(delimiter);
  const all = named ? [named] : names.flatMap((name) => folders.map((folder) => join(folder, name)));
  const found = all.find(isProgram);
  if (!found) throw new Error('no Chromium: install Debian’s chromium, or name one in TIJDIG_CHROMIUM');
  return found;
}

/** The program to test: the one named by TIJDIG_BINARY, or the one that cargo built. */
export function binary() {
  const file = process.env.TIJDIG_BINARY ?? fileURLToPath(new URL('../../../target/debug/tijdig', import.meta.url));
  if (!isProgram(file)) throw new Error(`no program at ${file}: cargo build --package tijdig`);
  return file;
}

function isProgram(file) {
  try {
    accessSync(file, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}
