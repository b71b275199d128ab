// The whole way of a network coordinator, in one go: from whom the region invites to the report of how it goes.
import { expectAccessible } from '../support/axe.js';
import { expectOnPaper } from '../support/paper.js';
import { expect, test } from '../support/test.js';

const HERE = '/regio/inventarisatie';

test('a coordinator goes from an invitation to the report of the region', async ({ as }, info) => {
  test.setTimeout(240_000);
  const scripts = info.project.use.javaScriptEnabled !== false;
  const look = async (page, name) => scripts && expectAccessible(page, name);
  const name = `Hospice De Ruimte (${info.project.name})`;
  const coordinator = await as('network-coordinator');
  const press = (page, button) => page.getByRole('button', { name: button, exact: true }).press('Enter');
  const follow = (page, link) => page.getByRole('link', { name: link, exact: true }).press('Enter');

  const link = await test.step('the coordinator invites an organisation', async () => {
    await coordinator.goto('/regio');
    await follow(coordinator, 'Inventarisatie en plan van aanpak');
    await expect(coordinator.getByText(/U bent bij stap \d/)).toBeVisible();
    await look(coordinator, 'the steps');
    await follow(coordinator, 'Wie doet mee?');
    await look(coordinator, 'who takes part');
    await coordinator.getByLabel('Naam van de organisatie').fill(name);
    await press(coordinator, 'Voeg toe');
    await expect(coordinator.getByRole('alert')).toContainText('Kies waar de organisatie bij hoort.');
    await expect(coordinator.getByLabel('Naam van de organisatie')).toHaveValue(name);
    await coordinator.getByLabel('Waar hoort zij bij?').selectOption({ label: 'Netwerk palliatieve zorg' });
    await press(coordinator, 'Voeg toe');
    await expect(coordinator.getByRole('heading', { level: 1, name })).toBeVisible();
    await look(coordinator, 'the organisation');
    await press(coordinator, 'Maak een link');
    const address = await coordinator.locator('code.secret').innerText();
    await look(coordinator, 'the link');
    await follow(coordinator, 'Ik heb hem bewaard');
    return new URL(address).pathname;
  });
  const party = new URL(coordinator.url()).pathname;

  const stranger = await as(null);
  await test.step('the organisation answers, without an account', async () => {
    await stranger.goto(link);
    await expect(stranger.getByText('Zet hier niets in over patiënten')).toBeVisible();
    await look(stranger, 'the questionnaire');
    const question = stranger.getByRole('group', { name: /Weet iedereen wie begint/ });
    await question.getByLabel('Deels').check();
    await press(stranger, 'Bewaar tot hier');
    await expect(stranger.getByRole('status')).toContainText('Bewaard.');
    await press(stranger, 'Stuur in');
    await expect(stranger.getByRole('alert')).toContainText("'Weet niet' mag ook.");
    await look(stranger, 'the questionnaire with what is missing');
    for (const group of await stranger.getByRole('group').all()) {
      if (!(await group.locator('input:checked').count())) await group.locator('input').last().check();
    }
    await stranger.getByLabel('Uw naam en functie').fill('Lot Bakker, verpleegkundige');
    await press(stranger, 'Stuur in');
    await expect(stranger.getByRole('status')).toContainText('Ingestuurd, dank u wel.');
    await look(stranger, 'the questionnaire, sent in');
  });

  await test.step('now and wished stand beside each other', async () => {
    await coordinator.goto(HERE);
    await follow(coordinator, 'Hoe werken zij nu?');
    await expect(coordinator.getByRole('rowheader', { name }).first()).toBeVisible();
    await expect(coordinator.getByRole('row').filter({ hasText: name }).filter({ hasText: 'deels' }).first()).toBeVisible();
    await look(coordinator, 'now and wished');
    await coordinator.goto(party);
    await expect(coordinator.getByText('Lot Bakker, verpleegkundige')).toBeVisible();
    await press(coordinator, 'Trek de link in');
    await expect(coordinator.getByRole('status')).toContainText('De link is ingetrokken');
    await stranger.goto(link);
    await expect(stranger.getByRole('heading', { level: 1 })).toHaveText('Deze link opent geen vragenlijst');
    await look(stranger, 'a link that opens nothing');
  });

  await test.step('no link is for ever, and who takes part no more has none', async () => {
    await coordinator.goto(party);
    const until = coordinator.getByLabel('Tot en met welke dag werkt de link?');
    await until.fill('31-12-2198');
    await press(coordinator, 'Maak een link');
    await expect(coordinator.getByRole('alert')).toContainText('Een link werkt hoogstens 26 weken.');
    await expect(until).toHaveValue('31-12-2198');
    await coordinator.goto(party);
    await press(coordinator, 'Maak een link');
    const last = new URL(await coordinator.locator('code.secret').innerText()).pathname;
    await stranger.goto(last);
    await expect(stranger.getByText('Zet hier niets in over patiënten')).toBeVisible();
    await coordinator.goto(party);
    await coordinator.getByLabel('Zij doet niet meer mee').check();
    await press(coordinator, 'Leg vast');
    await expect(coordinator.getByText('De link opent niets zolang deze organisatie niet meedoet.')).toBeVisible();
    await look(coordinator, 'an organisation that left');
    await stranger.goto(last);
    await expect(stranger.getByText('Vraag de netwerkcoördinator van uw regio')).toBeVisible();
    await coordinator.getByLabel('Zij doet niet meer mee').uncheck();
    await press(coordinator, 'Leg vast');
    await press(coordinator, 'Trek de link in');
    await expect(coordinator.getByRole('status')).toContainText('De link is ingetrokken');
  });

  const what = `Elke dinsdag bellen met ${name}`;
  await test.step('an action has an owner and a day, and stands in the plan on paper', async () => {
    await coordinator.goto(HERE);
    await follow(coordinator, 'Wat gaan wij doen?');
    await coordinator.getByLabel('Wat gaat er gebeuren?').fill(what);
    await coordinator.getByLabel('Wie zorgt ervoor?').fill('Lot Bakker, hospice');
    await coordinator.getByLabel('Uiterlijk wanneer?').fill('31-12-2198');
    await press(coordinator, 'Voeg toe');
    await expect(coordinator.getByRole('status')).toContainText('Vastgelegd.');
    const action = coordinator.getByRole('listitem').filter({ hasText: what });
    await expect(action).toContainText('Lot Bakker, hospice');
    await expect(action).toContainText('31 december 2198');
    await look(coordinator, 'the actions');
    await coordinator.goto(HERE);
    await expectOnPaper(coordinator, coordinator.getByRole('link', { name: 'Plan van aanpak (PDF)' }), [what, 'Lot Bakker, hospice']);
  });

  const good = `Elke maand samen om tafel (${info.project.name})`;
  await test.step('a practice is visited, and reads what was agreed', async () => {
    await coordinator.goto('/praktijk/bezoeken');
    await follow(coordinator, 'Plan een bezoek');
    await look(coordinator, 'a visit to plan');
    await coordinator.getByLabel('Welke praktijk?').selectOption({ label: 'Huisartsenpraktijk De Linde' });
    const today = new Date();
    const two = (n) => String(n).padStart(2, '0');
    await coordinator.getByLabel('Op welke dag?').fill(`${two(today.getDate())}-${two(today.getMonth() + 1)}-${today.getFullYear()}`);
    await press(coordinator, 'Plan het bezoek');
    await expect(coordinator.getByRole('status')).toContainText('Het bezoek is bewaard.');
    await coordinator.getByLabel('Wat gaat goed?').fill(good);
    await coordinator.getByLabel('Terugkoppeling aan de praktijk').fill('Dank voor het gesprek');
    await coordinator.getByLabel('Wat?', { exact: true }).first().fill('Iedereen boven de 85 nalopen');
    await coordinator.getByLabel('Wie?', { exact: true }).first().fill('Praktijkverpleegkundige');
    await coordinator.getByLabel('Uiterlijk wanneer?').first().fill('31-12-2198');
    await coordinator.getByLabel(/met haar naam in het rapport van de regio/).check();
    await press(coordinator, 'Leg vast');
    await expect(coordinator.getByText('Dank voor het gesprek').first()).toBeVisible();
    await look(coordinator, 'the visit');
    const nurse = await as('practice-nurse');
    await nurse.goto(new URL(coordinator.url()).pathname);
    await expect(nurse.getByText('Dank voor het gesprek')).toBeVisible();
    await expect(nurse.getByText('Iedereen boven de 85 nalopen')).toBeVisible();
    await expect(nurse.getByRole('button', { name: 'Leg vast' })).toHaveCount(0);
    await look(nurse, 'the visit, read by the practice');
  });

  await test.step('the report tells how it goes, with charts, and nobody by name', async () => {
    await coordinator.goto('/regio');
    await press(coordinator, 'Tel nu bij');
    await expect(coordinator.getByRole('status')).toContainText('De cijfers zijn bijgeteld.');
    await expect(coordinator.getByText(good)).toBeVisible();
    await look(coordinator, 'the figures of the region');
    await expectOnPaper(coordinator, coordinator.getByRole('link', { name: 'Rapport (PDF)' }), [
      'Tijdig in gesprek: cijfers van de regio',
      // The row of a year that is shown: of a small region not every year is.
      /^20\d\d \d+ \d+ \d+,\d% \d+$/m,
      'Door de jaren',
      'Wat het telt',
      good,
    ]);
    await follow(coordinator, 'Heeft een plan');
    await expect(coordinator.getByRole('img', { name: /door de jaren/ })).toBeVisible();
    await look(coordinator, 'a figure of the region');
  });
});
