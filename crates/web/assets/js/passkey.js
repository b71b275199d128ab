// Passkeys: asks the browser to make or use one, and sends its answer with the form. Nothing is decided here: the server
// gives the question and judges the answer.

const binary = (text) => Uint8Array.from(atob(text.replaceAll("-", "+").replaceAll("_", "/")), (c) => c.charCodeAt(0));
const text = (buffer) =>
  btoa(String.fromCharCode(...new Uint8Array(buffer)))
    .replaceAll("+", "-")
    .replaceAll("/", "_")
    .replaceAll("=", "");

/** The server's question as the browser wants it: what is binary, in bytes. */
function asked({ publicKey }) {
  publicKey.challenge = binary(publicKey.challenge);
  if (publicKey.user) publicKey.user.id = binary(publicKey.user.id);
  for (const list of [publicKey.excludeCredentials, publicKey.allowCredentials]) {
    for (const known of list ?? []) known.id = binary(known.id);
  }
  return { publicKey };
}

/** The browser's answer as the server wants it. */
function answered(credential) {
  const response = {};
  for (const part of ["clientDataJSON", "attestationObject", "authenticatorData", "signature", "userHandle"]) {
    if (credential.response[part]) response[part] = text(credential.response[part]);
  }
  const { id, rawId, type } = credential;
  return JSON.stringify({ id, rawId: text(rawId), type, response, extensions: credential.getClientExtensionResults() });
}

async function send(form) {
  const told = form.querySelector("[data-passkey-told]");
  const button = form.querySelector("button");
  const tell = (message) => {
    told.textContent = message;
    told.hidden = message === "";
  };
  tell("");
  button.disabled = true;
  try {
    const question = await fetch(form.dataset.options, {
      method: "POST",
      headers: { accept: "application/json" },
      body: new URLSearchParams(new FormData(form)),
    });
    const options = await question.json().catch(() => ({ melding: "Dat lukte niet. Laad de pagina opnieuw en probeer het nog eens." }));
    if (!question.ok) {
      tell(options.melding ?? "Dat lukte niet. Probeer het nog eens.");
      return;
    }
    const make = form.dataset.passkey === "create";
    const credential = make ? await navigator.credentials.create(asked(options)) : await navigator.credentials.get(asked(options));
    form.elements.antwoord.value = answered(credential);
    form.submit();
  } catch (error) {
    const known = error.name === "InvalidStateError";
    tell(known ? "Dit apparaat heeft al een passkey voor uw account." : "Er is geen passkey gebruikt. Probeer het nog eens, of log anders in.");
  } finally {
    button.disabled = false;
  }
}

if (window.PublicKeyCredential) {
  for (const form of document.querySelectorAll("form[data-passkey]")) {
    form.hidden = false;
    form.addEventListener("submit", (event) => {
      event.preventDefault();
      send(form);
    });
  }
}
