// A server that people sign in to through an OpenID provider, and the provider: both real, both on this machine.
import Provider from 'oidc-provider';
import { closed, configured } from './configured.js';
import { freePort } from './server.js';

/** What the provider says of people beside their name. */
const ROLES = { gp: ['huisarts'], 'district-nurse': ['wijkverpleegkundige'], carer: ['huisarts'] };

const SECRET = 'een geheim: met & en %';

/** Starts both; gives the server's address and how to stop. */
export async function openIdServer() {
  const [own, theirs] = [await freePort(), await freePort()];
  const { provider, issuer } = openIdProvider(`http://localhost:${own}`, theirs);
  const listening = provider.listen(theirs, '127.0.0.1');
  const server = await configured(own, 1, (write) => openIdLines(issuer, write));
  const stop = async () => {
    await server.stop();
    await closed(listening);
  };
  return { ...server, stop };
}

/** The provider, for a server at this address. */
export function openIdProvider(base, port) {
  const issuer = `http://127.0.0.1:${port}`;
  const provider = new Provider(issuer, {
    clients: [
      {
        client_id: 'tijdig',
        client_secret: SECRET,
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
  return { provider, issuer };
}

/** What the server's configuration says of it. */
export function openIdLines(issuer, write) {
  const secret = write('secret', `${SECRET}\n`);
  return (
    `[openid]\nissuer = "${issuer}"\nclient_id = "tijdig"\n` +
    `client_secret_file = "${secret}"\nscope = ["profile"]\nrole_claim = "roles"\n` +
    `[openid.roles]\nhuisarts = "gp"\nwijkverpleegkundige = "district-nurse"\n`
  );
}
