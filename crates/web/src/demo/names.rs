//! Names for people who do not exist.

/// First names of women.
pub const WOMEN: &[&str] = &[
    "Johanna", "Maria", "Cornelia", "Hendrika", "Wilhelmina", "Elisabeth", "Grietje", "Trijntje", "Antje", "Fatima", "Emine",
    "Sophia", "Geertruida", "Jacoba", "Aaltje", "Petronella", "Margaretha", "Ayşe", "Indra", "Catharina", "Neeltje", "Tineke",
    "Ria", "Zofia", "Lakshmi", "Helena", "Dirkje", "Anna", "Klazina", "Corrie",
];

/// First names of men.
pub const MEN: &[&str] = &[
    "Johannes", "Hendrik", "Cornelis", "Willem", "Jan", "Pieter", "Gerrit", "Dirk", "Klaas", "Mohamed", "Ahmet", "Jacobus",
    "Antonius", "Arie", "Theo", "Frans", "Bertus", "Sjoerd", "Wim", "Henk", "Rashid", "Kees", "Piet", "Lambertus", "Jozef",
    "Evert", "Abraham", "Maarten", "Bram", "Teunis",
];

/// Family names with their prefix.
pub const FAMILIES: &[(&str, &str)] = &[
    ("de", "Vries"), ("", "Jansen"), ("van den", "Berg"), ("", "Bakker"), ("van", "Dijk"), ("", "Visser"), ("", "Smit"),
    ("", "Meijer"), ("de", "Boer"), ("", "Mulder"), ("de", "Groot"), ("", "Bos"), ("", "Vos"), ("", "Peters"), ("", "Hendriks"),
    ("van", "Leeuwen"), ("", "Dekker"), ("", "Brouwer"), ("de", "Wit"), ("", "Dijkstra"), ("", "Smits"), ("de", "Graaf"),
    ("van der", "Meer"), ("", "Yılmaz"), ("", "Kaya"), ("El", "Amrani"), ("", "Nguyen"), ("", "Kowalska"), ("", "Ramdin"),
    ("van", "Veen"), ("", "Kuipers"), ("", "Veenstra"), ("", "Postma"), ("ter", "Horst"), ("", "Schippers"), ("van 't", "Hof"),
    ("", "Wolters"), ("", "Özdemir"), ("", "Janssens"), ("", "Hofman"), ("", "Scholten"), ("van der", "Velde"), ("", "Kramer"),
];

/// Streets of a town that is not there.
pub const STREETS: &[&str] = &[
    "Dorpsstraat", "Kerkweg", "Molenlaan", "Stationsstraat", "Lindenhof", "Beukenlaan", "Schoolstraat", "Oranjestraat",
    "Meidoornpad", "Havenkade", "Eikenweg", "Wilgenlaan", "Parkweg", "Julianastraat", "Rietveld", "Zonnehof",
];

/// Towns of the region, with the first digits of their postcodes.
pub const TOWNS: &[(&str, u32)] = &[("Overveld", 7321), ("Weidedorp", 7205), ("Zandhoven", 7411), ("Beekbergen-Oost", 7362)];
