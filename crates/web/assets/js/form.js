// The plan's form: keeps the draft while one types, adds rows, and warns before a page is left unsaved. The form is
// whole without this; nothing here decides anything.

const form = document.getElementById("planformulier");
const saved = document.getElementById("bewaard");
const PAUSE = 900;
const waiting = new Map();
let running = Promise.resolve();

/** The fields of one part, as the form itself would send them. */
function fieldsOf(part) {
  const data = new URLSearchParams();
  data.set("csrf", form.elements.csrf.value);
  data.set("versie", form.elements.versie.value);
  for (const field of part.querySelectorAll("input, select, textarea")) {
    const choice = field.type === "radio" || field.type === "checkbox";
    if (field.name && (!choice || field.checked)) data.append(field.name, field.value);
  }
  return data;
}

function tell(text, bad = false) {
  saved.textContent = text;
  saved.classList.toggle("error", bad);
}

function showTheirs(part, theirs) {
  part.querySelector(".theirs")?.remove();
  const box = document.createElement("div");
  box.className = "theirs";
  box.setAttribute("role", "alert");
  const head = document.createElement("p");
  head.textContent = `Tegelijk bewerkt door ${theirs.who}. Uw tekst staat hieronder. Dit is de andere tekst:`;
  const list = document.createElement("dl");
  list.className = "facts";
  for (const [label, text] of theirs.said) {
    const dt = document.createElement("dt");
    dt.textContent = label;
    const dd = document.createElement("dd");
    dd.className = "told";
    dd.textContent = text;
    list.append(dt, dd);
  }
  const tail = document.createElement("p");
  tail.textContent = "Neem over wat u wilt houden; bij de volgende wijziging wordt uw tekst bewaard.";
  box.append(head, list, tail);
  part.querySelector(".inside").prepend(box);
}

/** Saves one part; gives whether it is safe. */
async function save(part) {
  waiting.delete(part);
  const code = part.dataset.part;
  const body = fieldsOf(part);
  let response;
  try {
    response = await fetch(form.dataset.drafts + code, {
      method: "POST",
      body,
      headers: { accept: "application/json" },
      redirect: "manual",
    });
  } catch {
    tell("Niet bewaard: er is geen verbinding. Uw tekst staat nog op deze pagina.", true);
    waiting.set(part, setTimeout(() => queue(part), 10 * PAUSE));
    return;
  }
  const json = response.headers.get("content-type")?.startsWith("application/json");
  if (!json) {
    tell("Niet bewaard: u bent misschien uitgelogd. Kopieer uw tekst en log opnieuw in.", true);
    return;
  }
  const told = await response.json();
  part.querySelector(`[name="rev.${code}"]`).value = told.revision;
  const state = part.querySelector("summary .state");
  state.className = `state ${told.class}`;
  state.querySelector("svg")?.remove();
  state.querySelector("span").textContent = told.state;
  document.getElementById("voortgang").textContent = told.progress;
  const bar = form.querySelector("progress");
  bar.max = told.of;
  bar.value = told.done;
  if (told.theirs) {
    showTheirs(part, told.theirs);
    tell("Iemand anders werkte tegelijk aan dit onderwerp. Beide teksten staan er.", true);
  } else {
    part.querySelector(".theirs")?.remove();
    tell(told.saved);
  }
}

/** One save at a time, so that revisions follow each other. */
function queue(part) {
  running = running.then(() => save(part));
  return running;
}

/** In a group that repeats there is always one empty row more. */
function growRows(field) {
  const group = field.closest(".repeats");
  const row = field.closest(".one");
  if (!group || !row || row !== group.querySelector(".rows").lastElementChild || !field.value) return;
  const next = row.cloneNode(true);
  const family = field.name.split(/[-.]/)[0];
  const used = [...form.elements].map((f) => f.name || "").filter((n) => n.split(/[-.]/)[0] === family || field.name.split(".")[0] === n.split(".")[0]);
  const free = 1 + Math.max(...used.map((n) => Number(n.split(".")[1])).filter(Number.isInteger));
  for (const part of next.querySelectorAll("input, select, textarea, label, [id]")) {
    const fresh = (text) => text.replace(/([.-])\d+(-uitleg|-toen|-fout)?$/, `$1${free}$2`);
    if (part.name) part.name = fresh(part.name);
    if (part.id) part.id = fresh(part.id);
    if (part.htmlFor) part.htmlFor = fresh(part.htmlFor);
    if (part.tagName === "SELECT") part.selectedIndex = 0;
    else if (part.type === "checkbox" || part.type === "radio") part.checked = false;
    else if ("value" in part && !part.name.startsWith("life-domain")) part.value = "";
  }
  row.after(next);
}

form.addEventListener("input", (event) => {
  const part = event.target.closest("[data-part]");
  if (!part) return;
  growRows(event.target);
  clearTimeout(waiting.get(part));
  waiting.set(part, setTimeout(() => queue(part), PAUSE));
  tell("Bezig met bewaren…");
});

// Half an hour without a sign of life ends the session; five minutes before it the page says so.
const SIGN_OF_LIFE = 25 * 60 * 1000;
let lifeline;
function alive() {
  clearTimeout(lifeline);
  lifeline = setTimeout(() => tell("Over vijf minuten wordt u uitgelogd. Uw concept is bewaard; typ iets om door te gaan.", true), SIGN_OF_LIFE);
}
form.addEventListener("input", alive);
alive();

// The whole form goes with a button; what was waiting goes along with it.
form.addEventListener("submit", () => {
  for (const timer of waiting.values()) clearTimeout(timer);
  waiting.clear();
});

// Closing the browser in the middle of a word: what was typed is sent on its way all the same.
addEventListener("pagehide", () => {
  for (const part of waiting.keys()) {
    navigator.sendBeacon(form.dataset.drafts + part.dataset.part, fieldsOf(part));
  }
});
