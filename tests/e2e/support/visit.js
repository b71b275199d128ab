// Signing in without a browser, as a form is sent without JavaScript.

/** The cookies of a person who signed in, as Playwright wants them. */
export async function cookiesOf(base, user) {
  const page = await fetch(`${base}/inloggen`);
  const html = await page.text();
  const form = html.match(/<form[^>]*action="\/inloggen"[\s\S]*?<\/form>/);
  if (!form) throw new Error(`no form to sign in (${page.status})`);
  const body = new URLSearchParams();
  for (const [input] of form[0].matchAll(/<input[^>]*>/g)) {
    const name = attribute(input, 'name');
    const kind = attribute(input, 'type') ?? 'text';
    if (kind === 'password') body.set(name, user.password);
    else if (kind === 'hidden') body.set(name, attribute(input, 'value') ?? '');
    else body.set(name, user.username);
  }
  const headers = { 'content-type': 'application/x-www-form-urlencoded', origin: base, cookie: pairs(page) };
  const answer = await fetch(`${base}/inloggen`, { method: 'POST', body, headers, redirect: 'manual' });
  if (answer.status < 300 || answer.status > 399) throw new Error(`signing in as ${user.username}: ${answer.status}`);
  const { hostname } = new URL(base);
  return answer.headers.getSetCookie().map((line) => {
    const [pair] = line.split(';');
    const at = pair.indexOf('=');
    return { name: pair.slice(0, at), value: pair.slice(at + 1), domain: hostname, path: '/', httpOnly: true, sameSite: 'Lax' };
  });
}

/** Ids of the patients that a page links to. */
export function idsIn(html) {
  const ids = [...html.matchAll(/href="\/patienten\/([^"/?#]+)"/g)].map((found) => found[1]);
  return [...new Set(ids)].filter((id) => id !== 'nieuw');
}

function pairs(answer) {
  return answer.headers
    .getSetCookie()
    .map((line) => line.split(';')[0])
    .join('; ');
}

function attribute(tag, name) {
  return tag.match(new RegExp(`\\s${name}="([^"]*)"`))?.[1];
}
