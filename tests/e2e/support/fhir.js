// The FHIR API as another system sees it.

export class Fhir {
  #base;
  #token;

  static async open(base, client) {
    const fhir = new Fhir();
    fhir.#base = base;
    const body = new URLSearchParams({
      grant_type: 'client_credentials',
      client_id: client.client_id,
      client_secret: client.client_secret,
      scope: client.scope,
    });
    const answer = await fetch(`${base}/oauth/token`, { method: 'POST', body });
    if (!answer.ok) throw new Error(`no token: ${answer.status} ${await answer.text()}`);
    fhir.#token = (await answer.json()).access_token;
    return fhir;
  }

  /** The token, for a client of another make. */
  get token() {
    return this.#token;
  }

  /** All resources of a search, over all its pages. */
  async search(query) {
    const found = [];
    for (let next = `${this.#base}/fhir/r4/${query}`; next; ) {
      const answer = await fetch(next, { headers: { authorization: `Bearer ${this.#token}`, accept: 'application/fhir+json' } });
      const page = await answer.json();
      if (!answer.ok) throw new Error(`${query}: ${answer.status} ${JSON.stringify(page)}`);
      for (const entry of page.entry ?? []) found.push(entry.resource);
      next = page.link?.find((link) => link.relation === 'next')?.url;
    }
    return found;
  }

  /** The directives about resuscitation that count now, with proposals. */
  async resuscitation(patient) {
    const directives = await this.search(
      `Consent?patient=Patient/${patient.id}&scope=http://terminology.hl7.org/CodeSystem/consentscope%7Ctreatment&category=http://snomed.info/sct%7C129125009`,
    );
    return directives.filter((c) => c.provision?.code?.some((code) => code.coding?.some((coding) => coding.code === '89666000')));
  }

  /** The forms, newest first. */
  forms(patient) {
    return this.search(`QuestionnaireResponse?subject=Patient/${patient.id}`);
  }
}

/** The answers of a form by linkId, at any depth. */
export function answers(response) {
  const all = {};
  const walk = (items) => {
    for (const item of items ?? []) {
      for (const answer of item.answer ?? []) {
        const { item: deeper, ...value } = answer;
        (all[item.linkId] ??= []).push(Object.values(value)[0]);
        walk(deeper);
      }
      walk(item.item);
    }
  };
  walk(response.item);
  return all;
}
