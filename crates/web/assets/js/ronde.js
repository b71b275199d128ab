// A round of statements: shows what comes as it comes. Without this a link asks for the page again.

const PAUSE = 3000;
let place = document.getElementById('uitslag');

async function look() {
  try {
    const response = await fetch(place.dataset.adres, { credentials: 'same-origin', redirect: 'error' });
    if (response.ok) {
      const page = new DOMParser().parseFromString(await response.text(), 'text/html');
      const fresh = page.getElementById('uitslag');
      if (fresh && fresh.innerHTML !== place.innerHTML) {
        const shown = document.adoptNode(fresh);
        place.replaceWith(shown);
        place = shown;
      }
      // Closed meanwhile: the code is of no use any more.
      if (fresh?.dataset.bezig === 'nee') location.reload();
    }
  } catch {
    // The next look may work.
  }
  if (place.dataset.bezig === 'ja') setTimeout(look, PAUSE);
}

if (place?.dataset.bezig === 'ja') setTimeout(look, PAUSE);
