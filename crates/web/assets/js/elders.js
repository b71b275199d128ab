// Plans elsewhere: shows what comes as it comes. Without this the browser asks for the page again by itself.

const PAUSE = 700;
const status = document.getElementById('stand');
let place = document.getElementById('elders');

const isBusy = () => place?.dataset.bezig === 'ja';
// What somebody writes stays under their hands.
const isHeld = () => place.querySelector('details[open] textarea') !== null;

// The button that had the focus, by its words: another of the same stands in its place.
function focused() {
  const held = document.activeElement;
  return place.contains(held) ? held.textContent : null;
}

function show(fresh) {
  const words = focused();
  place.replaceWith(fresh);
  place = fresh;
  if (words === null) return;
  const again = [...place.querySelectorAll('button, summary, a')].find((one) => one.textContent === words);
  again?.focus({ preventScroll: true });
}

async function look() {
  try {
    const response = await fetch(place.dataset.adres, { credentials: 'same-origin', redirect: 'error' });
    if (!response.ok) return;
    const page = new DOMParser().parseFromString(await response.text(), 'text/html');
    const fresh = page.getElementById('elders');
    if (!fresh) return;
    const told = page.getElementById('stand')?.textContent ?? '';
    if (status && status.textContent !== told) status.textContent = told;
    if (!isHeld()) show(document.adoptNode(fresh));
  } catch {
    // The next look may work.
  }
  if (isBusy()) setTimeout(look, PAUSE);
}

if (isBusy()) setTimeout(look, PAUSE);
