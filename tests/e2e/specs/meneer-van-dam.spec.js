// The story of Mr Van Dam, who has dementia, played through the pages by those who were there, with the clock set to the
// days on which it happened: from the diagnosis, with the capacity to decide lost halfway, a daughter who speaks for him,
// a nursing home where another doctor leads, and a review twice a year, one of them late. What the pages must say was
// written first, by somebody telling the story. He and what is told of him are ours.
import { recordAnswers } from '../support/form.js';
import { addToTeam, answer, compared, confirm, Days, expectPath, register, signal, takeLead, tell } from '../support/story.js';
import { expect, test } from '../support/test.js';

test('the story of Mr Van Dam, from the diagnosis to the second year', async ({ browser }, info) => {
  test.setTimeout(240_000);
  const { viewport, javaScriptEnabled, locale, timezoneId } = info.project.use;
  const days = new Days(browser, { viewport, javaScriptEnabled, locale, timezoneId });
  try {
    // March 2024: the diagnosis, and somebody who takes it up.
    await days.become('2024-03-04');
    const gp = await days.page('gp');
    const manager = await days.page('dementia-case-manager');
    const id = await register(gp, { bsn: '999990019', given: 'Willem', family: 'Dam', born: '11-02-1944', sex: 'Man' });
    await addToTeam(gp, id, 'Thuiszorg Nabij');
    await takeLead(gp, id, 'Sanne van Huissen');
    const dementia = async (form) => form.getByRole('radio', { name: 'Dementie of kwetsbaarheid' }).check();
    await tell(gp, id, 'Nieuwe diagnose', dementia, 'Leg de diagnose vast');
    await expectPath(manager, id, 'Gesignaleerd op 4 maart 2024');
    await days.become('2024-03-11');
    await signal(manager, id, ['Diagnose dementie', '(beginnende) cognitieve beperkingen'], 'Begint er zelf over.');
    await answer(manager, id, 'Ja');
    await expectPath(manager, id, 'De patiënt wil een gesprek');

    // What matters to him, said by himself, with his daughter beside him.
    await days.become('2024-03-25');
    await recordAnswers(gp, id, {
      1651: 'true',
      973: 'Els',
      975: 'Dam',
      '976.0': '0610000047',
      983: 'DAUC',
      984: 'true',
      82: 'Patiënt',
      998: 'DAUC',
      'life-wish.0': 'Blijven zingen in het koor',
      999: '385987000',
      1190: 'Wil het van de dokter zelf horen, met zijn dochter erbij.',
      1191: '264362003',
      1196: 'Zingen in het koor, en zijn volkstuin.',
      1201: '441898007',
    });
    await expectPath(gp, id, 'Actueel; opnieuw te bespreken uiterlijk 25 september 2024');

    // Half a year later nothing changed, and that is a version.
    await days.become('2024-09-20');
    await expectPath(manager, id, 'Opnieuw te bespreken; de dag daarvoor is 25 september 2024.');
    await confirm(manager, id, ['De patiënt', /Els/]);
    await expectPath(manager, id, 'Actueel; opnieuw te bespreken uiterlijk 20 maart 2025');

    // He says what is not to be done, as long as he can say it himself.
    await days.become('2025-03-18');
    await recordAnswers(gp, id, { 1386: '2', 1002: 'Wil niet verder als zijn hart stilstaat.', 1387: '2', 1390: '2', 1393: '1', 1394: 'alleen bij een botbreuk' });
    expect(await compared(gp, id, 1, 3)).toEqual([
      'Reanimatie: Niet besproken → Niet reanimeren',
      'Beademing: Niet besproken → Niet beademen',
      'IC-opname: Niet besproken → Geen IC',
      'Ziekenhuisopname: Niet besproken → Ziekenhuis: onder voorwaarde – alleen bij een botbreuk',
    ]);

    // September: he overlooks it no more. The plan says something else, and cannot be confirmed as it stands.
    await days.become('2025-09-02');
    const lost = async (form) => {
      await form.getByRole('radio', { name: 'Niet (meer) wilsbekwaam' }).check();
      await form.getByLabel(/^Wie beoordeelde dit/).fill('Specialist ouderengeneeskunde, over behandeling.');
    };
    await tell(gp, id, 'Wilsbekwaamheid veranderde', lost, 'Leg de wilsbekwaamheid vast');
    await expectPath(gp, id, 'Opnieuw te bespreken: sinds 2 september 2025 is er een reden om ernaar te kijken.');
    await gp.goto(`/patienten/${id}/bevestigen`);
    await expect(gp.getByRole('heading', { name: 'Dit plan kunt u niet ongewijzigd bevestigen' })).toBeVisible();

    // The review is late, and that is to be seen.
    await days.become('2025-10-01');
    await expectPath(gp, id, 'Te laat: dit had uiterlijk 18 september 2025 opnieuw besproken moeten zijn.');
    await gp.goto('/?wie=organisatie&soort=review');
    await expect(gp.getByRole('region', { name: 'Te laat' })).toContainText('W. Dam');
    await days.become('2025-11-05');
    await recordAnswers(gp, id, {
      1651: 'false',
      973: 'Els',
      975: 'Dam',
      '976.0': '0610000047',
      983: 'DAUC',
      984: 'true',
      999: '713148004',
      1393: '2',
    });
    expect(await compared(gp, id, 3, 4)).toEqual([
      'Wilsbekwaamheid en vertegenwoordiging: Wilsbekwaam; vertegenwoordiger en eerste contactpersoon: Els Dam (dochter), 0610000047 → Niet wilsbekwaam; vertegenwoordiger en eerste contactpersoon: Els Dam (dochter), 0610000047',
      'Doel van de behandeling: Doel: zorg bij ziekte en/of letsel → Doel: voorkomen en behandelen van symptomen',
      'Ziekenhuisopname: Ziekenhuis: onder voorwaarde – alleen bij een botbreuk → Niet naar het ziekenhuis',
    ]);
    await expectPath(gp, id, 'Actueel; opnieuw te bespreken uiterlijk 5 mei 2026');

    // January 2026: the nursing home. Where he lives proposes who leads, and its doctor takes the lead.
    await days.become('2026-01-12');
    await addToTeam(gp, id, 'Verpleeghuis Rietveld');
    const moved = async (form) => {
      await form.getByRole('radio', { name: 'Verpleeghuis', exact: true }).check();
      await form.getByLabel(/^Welk huis/).fill('Verpleeghuis Rietveld');
    };
    await tell(gp, id, 'Andere woonplek', moved, 'Leg de woonplek vast');
    await expect(gp.getByRole('status')).toContainText('De verblijfplaats is aangepast');
    const physician = await days.page('elderly-care-physician');
    await takeLead(physician, id, 'Karin Oosterhuis');
    await physician.goto(`/patienten/${id}/plan`);
    await expect(physician.getByText('Verhuizing naar een verpleeghuis, op 12 januari 2026: daarna is dit plan niet opnieuw besproken.')).toBeVisible();
    await days.become('2026-01-26');
    await recordAnswers(physician, id, { 1191: '108344006' });
    await expectPath(physician, id, 'Actueel; opnieuw te bespreken uiterlijk 26 juli 2026');

    // July: nothing changed, says his daughter.
    await days.become('2026-07-14');
    await confirm(physician, id, [/Els/]);
    await expectPath(physician, id, 'Actueel; opnieuw te bespreken uiterlijk 14 januari 2027');
    await physician.goto(`/patienten/${id}/plan/versies`);
    await expect(physician.getByText(/^Ongewijzigd bevestigd door/)).toHaveCount(2);
  } finally {
    await days.end();
  }
});
