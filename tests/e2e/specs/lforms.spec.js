import { answers } from '../support/fhir.js';
import { formsServer } from '../support/forms-server.js';
import { expect, test } from '../support/test.js';

/** A day that was answered where a moment may be comes back as that day's midnight, here. */
const day = new Intl.DateTimeFormat('sv-SE', { timeZone: 'Europe/Amsterdam' });

/** An answer, as it can be held against another. */
function plain(value) {
  if (typeof value === 'string' && /^\d{4}-\d\d-\d\dT/.test(value)) return day.format(new Date(value));
  return value?.code ?? value;
}

/** Questions that come with an answer, at any depth. */
function preset(items = []) {
  const has = (item) => item.answerOption?.some((option) => option.initialSelected);
  return items.flatMap((item) => [...(has(item) ? [item.linkId] : []), ...preset(item.item)]);
}

test('LHC-Forms draws our Questionnaire with a form that we serve, and gives the same answers back @script', async ({ page, region, fhir, patient }) => {
  const forms = await formsServer(region.demo.base_url);
  try {
    const complaints = [];
    page.on('pageerror', (error) => complaints.push(error.message));
    await page.goto(forms.address);
    const [form] = await fhir.forms(patient);
    const [questionnaire] = (await fhir.search('Questionnaire')).filter((q) => q.url.startsWith(region.demo.base_url));
    const returned = await page.evaluate(
      async ({ token, asked, answered }) => {
        const client = window.FHIR.client({ serverUrl: `${location.origin}/fhir/r4`, tokenResponse: { access_token: token } });
        window.LForms.Util.setFHIRContext(client);
        await window.LForms.Util.addFormToPage(asked, 'form', { fhirVersion: 'R4', questionnaireResponse: answered }).catch((error) => {
          throw new Error(JSON.stringify(error));
        });
        return window.LForms.Util.getFormFHIRData('QuestionnaireResponse', 'R4', document.getElementById('form'));
      },
      { token: fhir.token, asked: questionnaire, answered: form },
    );
    expect(complaints).toEqual([]);

    // Every answer is on the page and comes back as it went in. What the form says by itself may come beside it.
    const [sent, back] = [answers(form), answers(returned)];
    const own = preset(questionnaire.item);
    expect(Object.keys(back).filter((question) => !(question in sent) && !own.includes(question))).toEqual([]);
    for (const [question, given] of Object.entries(sent)) {
      expect(back[question].map(plain), question).toEqual(given.map(plain));
    }
    await expect(page.getByText(questionnaire.title, { exact: true }).first()).toBeVisible();
    // A field of one line shows no line ends.
    const squeezed = (text) => text.replace(/\s+/g, '');
    const shown = await page.locator('#form').evaluate((form) =>
      [...form.querySelectorAll('input, textarea')].map((field) => (field.type === 'radio' || field.type === 'checkbox' ? '' : field.value)).join('\n'),
    );
    for (const text of Object.values(sent).flat().filter((value) => typeof value === 'string' && !/^\d{4}-/.test(value))) {
      expect(squeezed(shown)).toContain(squeezed(text));
    }
  } finally {
    await forms.stop();
  }
});
