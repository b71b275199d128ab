// What stands behind the # of a card's address is sent to no server by opening it. This sends it, in a body, so that a
// signature that is not ours is told too; and takes it out of the address, so that it stays in no history.

const outcome = document.getElementById('uitkomst');

if (outcome && location.hash.length > 1) {
  const code = location.pathname + location.hash;
  history.replaceState(null, '', location.pathname);
  try {
    const answer = await fetch('/kaart', { method: 'POST', body: new URLSearchParams({ code }) });
    if (answer.ok) {
      const told = new DOMParser().parseFromString(await answer.text(), 'text/html');
      const theirs = told.getElementById('uitkomst');
      if (theirs) {
        outcome.replaceWith(theirs);
        document.title = told.title;
      }
    }
  } catch {
    // What the address alone tells stays.
  }
}
