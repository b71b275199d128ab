// Copies a text to the clipboard. Without this one selects it by hand: the buttons are hidden until this runs.

const told = document.getElementById('gekopieerd');

for (const button of document.querySelectorAll('[data-copy]')) {
  const text = document.getElementById(button.dataset.copy);
  if (!text || !navigator.clipboard) continue;
  button.hidden = false;
  button.addEventListener('click', async () => {
    try {
      await navigator.clipboard.writeText(text.value ?? text.textContent);
      told.textContent = told.dataset.done ?? 'Gekopieerd. Plak de tekst in uw dossier.';
    } catch {
      if (text.select) {
        text.focus();
        text.select();
      } else {
        getSelection().selectAllChildren(text);
      }
      told.textContent = 'Kopiëren lukt hier niet. De tekst is geselecteerd: kopieer hem met het toetsenbord.';
    }
  });
}
