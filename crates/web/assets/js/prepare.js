// Preparing at home: keeps what one types. The page is whole without this.

const form = document.getElementById("voorbereiding");
const status = document.getElementById("bewaard");
const PAUSE = 900;
let timer = 0;
let running = Promise.resolve();

async function keep() {
  const body = new URLSearchParams(new FormData(form));
  try {
    const response = await fetch(form.action, {
      method: "POST",
      body,
      headers: { accept: "application/json" },
      redirect: "manual",
    });
    const told = await response.json();
    form.elements.revisie.value = told.revision;
    status.textContent = told.text;
  } catch {
    status.textContent = form.dataset.failed;
  }
}

form.addEventListener("input", () => {
  status.textContent = "";
  clearTimeout(timer);
  timer = setTimeout(() => {
    running = running.then(keep);
  }, PAUSE);
});
// A button keeps everything itself.
form.addEventListener("submit", () => clearTimeout(timer));
