// A record system that opens a patient here (SMART App Launch): a FHIR server, and an authorization server that is not ours.
import { createServer } from 'node:http';
import Provider from 'oidc-provider';
import { closed } from './configured.js';

const BSN = 'http://fhir.nl/fhir/NamingSystem/bsn';

/** A cookie knows no ports: on an address of its own, so that no other server of the test gets those of this one. */
const HOST = '127.0.0.2';

/** Starts it for a server at this address. `open` gives the address at which it opens a patient with a number. */
export async function recordSystem(base, port) {
  const issuer = `http://${HOST}:${port}`;
  const provider = new Provider(issuer, {
    clients: [
      {
        client_id: 'tijdig',
        token_endpoint_auth_method: 'none',
        redirect_uris: [`${base}/smart/terug`],
        grant_types: ['authorization_code'],
        response_types: ['code'],
      },
    ],
    pkce: { required: () => true },
    extraParams: ['launch', 'aud'],
    scopes: ['openid', 'launch', 'patient/Patient.r'],
    findAccount: (_, id) => ({ accountId: id, claims: async () => ({ sub: id }) }),
    cookies: { keys: ['only for this test'] },
  });

  // Numbers of patients by launch, and the launch that each code was given for.
  const [launches, codes] = [new Map(), new Map()];
  const asked = [];
  provider.use(async (ctx, next) => {
    await next();
    const { route, params } = ctx.oidc ?? {};
    if (params?.launch && ctx.response.get('location').startsWith(`${base}/smart/terug`)) {
      codes.set(new URL(ctx.response.get('location')).searchParams.get('code'), params.launch);
      asked.push({ ...params });
    }
    // SMART says with the token whom it is about.
    if (route === 'token' && ctx.status === 200) ctx.body = { ...ctx.body, patient: codes.get(params.code) };
  });

  const oauth = provider.callback();
  const server = createServer((request, response) => {
    if (!request.url.startsWith('/fhir/')) return oauth(request, response);
    return fhir(request).then(
      ([status, body]) => response.writeHead(status, { 'content-type': 'application/fhir+json' }).end(JSON.stringify(body)),
      () => response.writeHead(500).end(),
    );
  });

  async function fhir({ url, headers }) {
    if (url === '/fhir/.well-known/smart-configuration') {
      return [
        200,
        {
          issuer,
          authorization_endpoint: `${issuer}/auth`,
          token_endpoint: `${issuer}/token`,
          code_challenge_methods_supported: ['S256'],
          capabilities: ['launch-ehr', 'client-public', 'context-ehr-patient', 'permission-v2'],
        },
      ];
    }
    const token = await provider.AccessToken.find(headers.authorization?.replace('Bearer ', '') ?? '');
    const id = url.match(/^\/fhir\/Patient\/([A-Za-z0-9.-]+)$/)?.[1];
    if (!token?.scopes.has('patient/Patient.r')) return [401, {}];
    if (!launches.has(id)) return [404, {}];
    return [200, { resourceType: 'Patient', id, identifier: [{ system: BSN, value: launches.get(id) }] }];
  }

  await new Promise((done) => server.listen(port, HOST, done));
  const open = (bsn) => {
    const launch = `patient-${launches.size + 1}`;
    launches.set(launch, bsn);
    return `${base}/smart/launch?${new URLSearchParams({ iss: `${issuer}/fhir`, launch })}`;
  };
  return { issuer: `${issuer}/fhir`, open, asked, stop: () => closed(server) };
}
