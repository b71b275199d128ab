//! How the synthetic region brings it about: an inventory of which one organisation did not answer yet, actions of which one is
//! late, a working group; and in one home care who pulls it, who is trained, what stands, and a team's statements in two years.

use super::path::morning;
use super::region::{Region, Worker, place};
use crate::app::program;
use domain::access::{Actor, Who};
use domain::ident::{NoteId, RoundId};
use domain::implementation::{Anchor, Backing, Champion, Trainee, Training};
use domain::network::{
    Action, Aim, Answers, Group, Level, Member, Need, Party, Question, Reply, Sector, Sitting, State, Wish,
};
use domain::role::Role;
use domain::statements::{Code, OPEN, OURS, Own, Round, Vote};
use jiff::ToSpan;
use jiff::civil::Date;
use store::notes::{Note, only};
use store::{Error, Store};

/// The home care of which it is told.
const HOME_CARE: usize = place::HOME_CARE[0];

/// Who takes part: sector, place in the region or a name, contact, and how it answers; the last one did not.
const PARTIES: [(Sector, usize, &str, &str); 5] = [
    (Sector::Gp, 0, "", "Marja Koster, praktijkondersteuner"),
    (Sector::Dementia, 100, "Dementieketen Overveld", "Ellen Prins, casemanager dementie"),
    (Sector::Vvt, 3, "", "Saskia de Wit, wijkverpleegkundige"),
    (Sector::Hospital, 6, "", "Femke Dam, maatschappelijk werker"),
    (Sector::Welfare, 100, "Welzijn Overveld", "Jan Bos, ouderenadviseur"),
];

/// How each that answered works now, and what it wishes, in the order of the questions.
const NOW: [&str; 4] = ["ypynpn", "yyyppn", "ppnnpu", "pnunny"];
const WISHES: [&str; 4] = ["bfbffbb", "bbffbff", "fffbbfu", "fbbuffb"];

struct Teller<'a> {
    store: &'a Store,
    region: &'a Region,
    today: Date,
    dice: fastrand::Rng,
}

/// Tells it.
///
/// # Errors
/// Where the store fails.
pub async fn tell(store: &Store, region: &Region, seed: u64, today: Date) -> Result<(), Error> {
    let mut teller = Teller { store, region, today, dice: fastrand::Rng::with_seed(seed ^ 0x6e65_7477) };
    let parties = teller.parties().await?;
    teller.plan(&parties).await?;
    teller.anchored().await?;
    teller.rounds().await
}

fn actor(region: &Region, worker: &Worker) -> Actor {
    Actor {
        who: Who::Person(worker.id.clone()),
        name: worker.name.full(),
        role: Some(worker.role),
        ..program(region.organisations[worker.organisation].id.clone())
    }
}

impl Teller<'_> {
    fn day(&self, ago: i32) -> Date {
        self.today.checked_sub(ago.days()).unwrap_or(self.today)
    }

    fn ahead(&self, days: i32) -> Date {
        self.today.checked_add(days.days()).unwrap_or(self.today)
    }

    fn id(&mut self) -> NoteId {
        NoteId::from_bits(self.dice.u128(..))
    }

    async fn write<N: Note>(&self, by: &Actor, id: &NoteId, note: &N, ago: i32) -> Result<(), Error> {
        self.store.write_note(by, id, note, 0, morning(self.day(ago))).await.map(|_| ())
    }

    fn coordinator(&self) -> Actor {
        actor(self.region, self.region.worker(Role::NetworkCoordinator, place::NETWORK))
    }

    async fn parties(&mut self) -> Result<Vec<NoteId>, Error> {
        let by = self.coordinator();
        let mut ids = Vec::new();
        for (n, (sector, at, name, contact)) in PARTIES.iter().enumerate() {
            let known = self.region.organisations.get(*at);
            let party = Party {
                sector: *sector,
                name: known.map_or_else(|| (*name).to_owned(), |o| o.name.clone()),
                contact: (*contact).to_owned(),
                known: known.map(|o| o.id.clone()),
                left: false,
            };
            let id = self.id();
            self.write(&by, &id, &party, 60).await?;
            if let (Some(now), Some(wish)) = (NOW.get(n), WISHES.get(n)) {
                let answers = self.answers(now, wish, contact);
                self.write(&by, &id, &answers, 40).await?;
            }
            ids.push(id);
        }
        Ok(ids)
    }

    fn answers(&self, now: &str, wish: &str, by: &str) -> Answers {
        let level = |c| match c {
            'y' => Level::Yes,
            'p' => Level::Partly,
            'n' => Level::No,
            _ => Level::Unknown,
        };
        let need = |c| match c {
            'b' => Need::Better,
            'f' => Need::First,
            'g' => Need::Fine,
            _ => Need::Unknown,
        };
        let mut all = Answers { by: by.to_owned(), sent_on: Some(self.day(40)), ..Answers::default() };
        for (question, letter) in Question::ALL.iter().zip(now.chars()) {
            let words = match (question, letter) {
                (Question::CaseManagement, 'y') => "met een vaste gesprekskaart",
                (Question::Recording, 'p') => "in het eigen dossier, anderen zien het niet",
                _ => "",
            };
            all.now.insert(*question, Reply { choice: Some(level(letter)), words: words.to_owned() });
        }
        for (asked, letter) in Wish::ALL.iter().zip(wish.chars()) {
            let words = match (asked, letter) {
                (Wish::Training, 'f') => "voor verzorgenden en wijkverpleegkundigen",
                (Wish::Sharing, 'f') => "één plek die ook de huisartsenpost kan zien",
                _ => "",
            };
            all.wish.insert(*asked, Reply { choice: Some(need(letter)), words: words.to_owned() });
        }
        all
    }

    async fn plan(&mut self, parties: &[NoteId]) -> Result<(), Error> {
        let by = self.coordinator();
        let aim = "Binnen een jaar heeft iedereen in de regio binnen drie maanden na de diagnose dementie een eerste gesprek, en \
                   staat de uitkomst op één plek die iedereen in het zorgteam kan lezen.";
        self.write(&by, &only(), &Aim { words: aim.to_owned() }, 20).await?;
        let rows = [
            ("Scholing gespreksvoering in drie groepen", "Ellen Prins", 30, State::Busy, None, Wish::Training, 1),
            ("Afspreken wie wat vastlegt, en waar", "Marja Koster", -21, State::Open, None, Wish::Sharing, 0),
            (
                "Bestuur van de huisartsenvereniging bezoeken",
                "Hanneke Regt",
                -5,
                State::Done,
                Some("Zij doen mee met de werkgroep."),
                Wish::Association,
                0,
            ),
            (
                "Eigen formulier van het ziekenhuis aanpassen",
                "Femke Dam",
                60,
                State::Dropped,
                Some("Het ziekenhuis sluit aan bij het formulier van de regio."),
                Wish::Recording,
                3,
            ),
        ];
        for (what, owner, days, state, words, wish, party) in rows {
            let action = Action {
                what: what.to_owned(),
                owner: owner.to_owned(),
                by: self.ahead(days),
                state,
                words: words.map(str::to_owned),
                wish: Some(wish),
                party: parties.get(party).cloned(),
            };
            let id = self.id();
            self.write(&by, &id, &action, 20).await?;
        }
        let member = |name: &str, role: &str, organisation: &str| Member {
            name: name.to_owned(),
            role: role.to_owned(),
            organisation: organisation.to_owned(),
        };
        let group = Group {
            members: vec![
                member("Hanneke Regt", "netwerkcoördinator, voorzitter", "Netwerk Palliatieve Zorg Overveld"),
                member("Marja Koster", "praktijkondersteuner", "Huisartsenpraktijk De Linde"),
                member("Ellen Prins", "casemanager dementie", "Thuiszorg Nabij"),
            ],
            sittings: vec![
                Sitting { on: self.day(20), notes: "Antwoorden besproken; acties verdeeld.".to_owned() },
                Sitting { on: self.ahead(25), notes: String::new() },
            ],
        };
        self.write(&by, &only(), &group, 20).await
    }

    async fn anchored(&mut self) -> Result<(), Error> {
        let nurse = self.region.worker(Role::DistrictNurse, HOME_CARE);
        let by = actor(self.region, nurse);
        let here: Vec<&Worker> = self.region.people.iter().filter(|w| w.organisation == HOME_CARE).collect();
        let backing = Backing {
            sponsor: "Lies van Dam, manager wijkzorg".to_owned(),
            champions: vec![Champion {
                person: nurse.id.clone(),
                name: nurse.name.full(),
                since: self.day(300),
                until: None,
            }],
        };
        self.write(&by, &only(), &backing, 300).await?;
        let trainees = |all: &[&Worker]| {
            all.iter().map(|w| Trainee { person: w.id.clone(), name: w.name.full() }).collect::<Vec<_>>()
        };
        let held = [
            ("Het gesprek voeren", 760, trainees(&here), Some(24)),
            ("Het gesprek voeren", 45, trainees(&here[..here.len().min(2)]), Some(24)),
            ("Signaleren met kaarten", 200, trainees(&here[here.len().min(1)..]), None),
        ];
        for (what, ago, people, months) in held {
            let training = Training { what: what.to_owned(), on: self.day(ago), people, months };
            let id = self.id();
            self.write(&by, &id, &training, ago).await?;
        }
        let agreements = [
            ("Bij elke intake vragen wat al is afgesproken", "checklist intake", 90, Some(60)),
            ("Eén keer per maand bespreken wie in aanmerking komt", "agenda van het teamoverleg", 14, None),
        ];
        for (what, at, ago, works) in agreements {
            let anchor = Anchor {
                what: what.to_owned(),
                place: at.to_owned(),
                owner: nurse.name.full(),
                check_on: self.day(ago),
                works_since: works.map(|ago| self.day(ago)),
            };
            let id = self.id();
            self.write(&by, &id, &anchor, 100).await?;
        }
        let own = Own { statements: vec!["Wij bellen na een gesprek altijd even terug.".to_owned()] };
        self.write(&by, &only(), &own, 50).await
    }

    /// Two rounds of a team, a year apart: more agree in the second.
    async fn rounds(&mut self) -> Result<(), Error> {
        let nurse = self.region.worker(Role::DistrictNurse, HOME_CARE);
        let by = actor(self.region, nurse);
        for (ago, phones, out_of_ten) in [(380, 7_u8, 4), (15, 8, 7)] {
            let began = morning(self.day(ago));
            let id = RoundId::from_bits(self.dice.u128(..));
            let mut letters = [0; Code::LENGTH];
            self.dice.fill(&mut letters);
            let round = Round {
                team: "Team Overveld-Noord".to_owned(),
                statements: OURS.iter().map(|s| (*s).to_owned()).collect(),
                by: format!("{}, {}", nurse.name.full(), nurse.role.dutch()),
                began,
                code: Code::of(letters),
            };
            self.store.begin_round(&by, &id, &round, began + OPEN).await?;
            for phone in 0..phones {
                let say = |dice: &mut fastrand::Rng| match dice.u8(0..10) {
                    n if n < out_of_ten => Vote::Agree,
                    9 => Vote::None,
                    _ => Vote::Disagree,
                };
                let votes: Vec<Vote> = OURS.iter().map(|_| say(&mut self.dice)).collect();
                self.store.vote(&id, &[phone], &votes, began).await?;
            }
        }
        Ok(())
    }
}
