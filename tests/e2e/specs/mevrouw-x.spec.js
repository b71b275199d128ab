// The story of Mrs X (seed document 004), played through the pages by those who were there, with the clock set to the
// days on which it happened. What the pages must say was written first, by somebody telling the story. Names are ours,
// and so is the place of her death.
import { recordAnswers } from '../support/form.js';
import { addToTeam, answer, compared, Days, expectPath, register, signal, takeLead, tell } from '../support/story.js';
import { expect, test } from '../support/test.js';

test('the story of Mrs X, from the first signal to her death', async ({ browser }, info) => {
  test.setTimeout(240_000);
  const { viewport, javaScriptEnabled, locale, timezoneId } = info.project.use;
  const days = new Days(browser, { viewport, javaScriptEnabled, locale, timezoneId });
  try {
    // September 2020: the palliative phase is marked; two lines of care begin to work together.
    await days.become('2020-09-14');
    const gp = await days.page('gp');
    const nurse = await days.page('district-nurse');
    const oncologist = await days.page('hospital-physician');
    const id = await register(gp, { bsn: '999990007', given: 'Margaretha', family: 'Xanten', born: '08-03-1955', sex: 'Vrouw' });
    await addToTeam(gp, id, 'Thuiszorg Nabij');
    await addToTeam(gp, id, 'Streekziekenhuis Weidedorp');
    await takeLead(gp, id, 'Sanne van Huissen');
    await expectPath(gp, id, 'Er is nog geen signaal');
    await signal(nurse, id, ['Palliatieve fase gemarkeerd', 'Ongeneeslijke, chronische of voortschrijdende ziekte'], 'Rugpijn door uitzaaiingen. Wil behandeld worden zolang het kan.');
    await expectPath(gp, id, 'Gesignaleerd op 14 september 2020');
    await answer(gp, id, 'Ja');
    await expectPath(nurse, id, 'De patiënt wil een gesprek');

    await days.become('2020-09-21');
    await recordAnswers(gp, id, {
      1651: 'true',
      973: 'Daan',
      975: 'Xanten',
      '976.0': '0610000057',
      983: 'SONC',
      984: 'true',
      82: 'Patiënt',
      998: 'SONC',
      'life-wish.0': 'Zo lang mogelijk zelf lopen',
      999: '1351964001',
      1190: 'Wil alles weten, en wil dat haar zoon bij elk gesprek zit.',
      1191: '264362003',
      1196: 'Behandeld worden zolang er iets te proberen is, en helder blijven.',
      1201: '441898007',
    });
    await expectPath(gp, id, 'Actueel; opnieuw te bespreken uiterlijk 21 maart 2021');

    // November: the disease grows on; the oncologist writes down the hope for another treatment.
    await days.become('2020-11-19');
    await oncologist.goto(`/patienten/${id}/plan`);
    await expect(oncologist.getByText('Behandeld worden zolang er iets te proberen is')).toBeVisible();
    await recordAnswers(oncologist, id, {
      1190: 'Wil verwezen worden voor een onderzoek naar een nieuwe behandeling, en een tweede mening.',
      1393: '0',
      1395: 'Voor behandeling, en voor de pijn.',
    });
    await gp.goto(`/patienten/${id}`);
    await expect(gp.getByText('2 maanden geleden', { exact: false }).or(gp.getByText('19 november 2020', { exact: false })).first()).toBeVisible();

    // January: the son says that it is not the moment. It comes back by itself.
    await days.become('2021-01-12');
    await signal(nurse, id, ['Gezondheid of functioneren veranderde'], 'De zoon vindt praten over het einde nu te confronterend en wil wachten op een nieuwe behandeling.');
    await answer(nurse, id, 'Nu niet', { again: '26-01-2021' });
    await expectPath(nurse, id, 'Nu niet: vanaf 26 januari 2021 mag het opnieuw gevraagd worden.');
    await gp.goto(`/patienten/${id}/signalen`);
    await expect(gp.getByText('De zoon vindt praten over het einde nu te confronterend', { exact: false })).toBeVisible();

    // The end of January: what she wants when the pain can no longer be stilled. The nurse proposes, the doctor sets.
    await days.become('2021-01-28');
    await expectPath(nurse, id, 'Te vragen of de patiënt open staat voor een gesprek');
    await recordAnswers(nurse, id, {
      1386: '2',
      1002: 'Als haar hart stopt, wil zij rustig gaan.',
      1387: '2',
      1390: '2',
      1393: '1',
      1394: 'alleen voor de pijn',
      1193: '340191000146100',
      'other-text.0': 'Verzoek om euthanasie, gedaan aan de huisarts',
      'other-condition.0': 'als de pijn niet meer te stillen is',
    });
    await expect(nurse.getByRole('heading', { name: '4 behandelgrenzen zijn voorgesteld' })).toBeVisible();
    await expectPath(nurse, id, 'een arts moet nog grenzen vaststellen');
    expect(await compared(nurse, id, 2, 3)).toEqual([
      'Reanimatie: Niet besproken → Voorgesteld: niet reanimeren',
      'Beademing: Niet besproken → Voorgesteld: niet beademen',
      'IC-opname: Niet besproken → Voorgesteld: geen IC',
      'Ziekenhuisopname: Ziekenhuis: ja → Voorgesteld: ziekenhuisopname onder voorwaarde (‘alleen voor de pijn’)',
      'Euthanasie: Niet besproken → Heeft geen euthanasieverklaring',
      'Andere afspraak: Niet besproken → Verzoek om euthanasie, gedaan aan de huisarts',
    ]);

    await days.become('2021-01-29');
    await gp.goto(`/patienten/${id}/plan/vaststellen`);
    await gp.getByRole('button', { name: 'Stel alle 4 vast' }).press('Enter');
    await expect(gp.getByRole('heading', { level: 1 })).toHaveText('Plan voor zorg in de toekomst');
    await expect(gp.getByText('Niet reanimeren').first()).toBeVisible();
    await expectPath(gp, id, 'Actueel; opnieuw te bespreken uiterlijk');

    // February: there is nothing more to try.
    await days.become('2021-02-11');
    await recordAnswers(gp, id, { 999: '713148004', 1190: 'Thuis, met een pomp tegen de pijn; het pijnteam blijft bereikbaar.' });

    // The end of April: the request stands, and is not current.
    await days.become('2021-04-28');
    await recordAnswers(gp, id, { 'other-state.0': 'not-yet-current' });
    await gp.goto(`/patienten/${id}/plan`);
    await expect(gp.getByText(/nog niet actueel/).first()).toBeVisible();

    // May: a plan for sedation, made by those who care for her.
    await days.become('2021-05-12');
    await recordAnswers(gp, id, { 'other-text.1': 'Continue palliatieve sedatie, thuis' });
    expect(await compared(gp, id, 5, 7)).toEqual([
      'Andere afspraak: Verzoek om euthanasie, gedaan aan de huisarts → Verzoek om euthanasie, gedaan aan de huisarts (nog niet actueel)',
      'Andere afspraak: Niet besproken → Continue palliatieve sedatie, thuis',
    ]);

    // She dies at home. Nothing waits any more, and the plan stays as it was.
    await days.become('2021-05-14');
    const died = async (form) => {
      await form.getByRole('radio', { name: 'Thuis' }).check();
      await form.getByLabel('Toelichting').fill('Met haar man en zoon.');
    };
    await tell(gp, id, 'Overlijden', died, 'Leg het overlijden vast');
    await expect(gp.getByRole('status')).toContainText('Het overlijden is vastgelegd');
    await expect(gp.getByRole('region', { name: 'Wat er gebeurde, het nieuwste eerst' })).toContainText('Dat was de gewenste plek.');
    await expectPath(gp, id, 'Beëindigd op 14 mei 2021: de patiënt is overleden.');
    await gp.goto(`/patienten/${id}/plan`);
    await expect(gp.getByText('Niet reanimeren').first()).toBeVisible();
    await gp.goto('/?wie=organisatie');
    await expect(gp.getByText('Xanten')).toHaveCount(0);

    // Who looked, and who wrote, is all on record, on the day it was.
    for (const [name, day, when] of [
      ['Saskia de Wit', '28-01-2021', '28 januari 2021'],
      ['Arjan Roelofs', '19-11-2020', '19 november 2020'],
    ]) {
      await gp.goto(`/patienten/${id}/inzage`);
      await gp.getByLabel('Van', { exact: true }).fill(day);
      await gp.getByLabel('Tot en met', { exact: true }).fill(day);
      await gp.getByRole('button', { name: 'Toon' }).press('Enter');
      await expect(gp.getByRole('heading', { level: 2, name: when })).toBeVisible();
      await expect(gp.getByRole('listitem').filter({ hasText: 'plan vastleggen' }).filter({ hasText: name }).first()).toBeVisible();
    }
  } finally {
    await days.end();
  }
});
