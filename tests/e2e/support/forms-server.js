// A page that shows a form with NLM's LHC-Forms, as somebody else would build it: the libraries as npm has them, and the
// FHIR API under the page's own address, since the token stays with the page.
import { readFile } from 'node:fs/promises';
import { createServer } from 'node:http';
import { extname } from 'node:path';
import { fileURLToPath } from 'node:url';
import { freePort } from './server.js';

const packages = fileURLToPath(new URL('../node_modules', import.meta.url));
const LFORMS = '/lforms/dist/lforms';
const KINDS = { '.js': 'text/javascript', '.css': 'text/css', '.png': 'image/png' };

const PAGE = `<!doctype html>
<html lang="nl">
<head><meta charset="utf-8"><title>LHC-Forms</title><link rel="stylesheet" href="${LFORMS}/webcomponent/styles.css"></head>
<body><main id="form"></main>
${[
  `${LFORMS}/webcomponent/assets/lib/zone.min.js`,
  `${LFORMS}/webcomponent/runtime.js`,
  `${LFORMS}/webcomponent/polyfills.js`,
  `${LFORMS}/webcomponent/main.js`,
  `${LFORMS}/fhir/R4/lformsFHIR.min.js`,
  '/fhirclient/build/fhir-client.js',
]
  .map((file) => `<script src="${file}"></script>`)
  .join('\n')}
</body></html>`;

/** Starts it; gives its address and how to stop. */
export async function formsServer(base) {
  const port = await freePort();
  const server = createServer((request, response) => {
    answer(base, request, response).catch((error) => response.writeHead(500).end(error.message));
  });
  await new Promise((done) => server.listen(port, '127.0.0.1', done));
  const stop = async () => {
    server.closeAllConnections();
    await new Promise((done) => server.close(done));
  };
  return { address: `http://127.0.0.1:${port}`, stop };
}

async function answer(base, request, response) {
  if (request.url === '/') return response.writeHead(200, { 'content-type': 'text/html' }).end(PAGE);
  if (request.url.startsWith('/fhir/')) {
    const { authorization, accept } = request.headers;
    const passed = await fetch(base + request.url, { headers: { authorization: authorization ?? '', accept } });
    const body = Buffer.from(await passed.arrayBuffer());
    return response.writeHead(passed.status, { 'content-type': passed.headers.get('content-type') }).end(body);
  }
  const { pathname } = new URL(request.url, base);
  const file = await readFile(packages + pathname).catch(() => null);
  if (!file) return response.writeHead(404).end();
  return response.writeHead(200, { 'content-type': KINDS[extname(pathname)] ?? 'application/octet-stream' }).end(file);
}
