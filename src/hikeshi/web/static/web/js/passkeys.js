// Passkeys: a form with data-passkey="get" or "create" asks the browser for a credential before it is sent. The options come
// from the JSON block named by data-options, or from the form's own address.
const fromText = (text) => Uint8Array.from(atob(text.replaceAll("-", "+").replaceAll("_", "/")), (letter) => letter.charCodeAt(0));
const toText = (buffer) =>
  btoa(String.fromCharCode(...new Uint8Array(buffer))).replaceAll("+", "-").replaceAll("/", "_").replaceAll("=", "");
const withId = (credential) => ({ ...credential, id: fromText(credential.id) });

const optionsOf = async (form) => {
  const block = document.getElementById(form.dataset.options ?? "");
  if (block) return JSON.parse(block.textContent).publicKey;
  const answer = await fetch(form.action, { headers: { Accept: "application/json" } });
  if (!answer.ok) throw new Error(answer.statusText);
  return (await answer.json()).request_options.publicKey;
};
const create = (options, alone) => {
  const chosen = { ...options.authenticatorSelection, residentKey: alone ? "required" : "discouraged", requireResidentKey: alone };
  chosen.userVerification = alone ? "required" : "preferred";
  return navigator.credentials.create({ publicKey: {
    ...options, challenge: fromText(options.challenge), user: { ...options.user, id: fromText(options.user.id) },
    excludeCredentials: (options.excludeCredentials ?? []).map(withId), authenticatorSelection: chosen,
  } });
};
const get = (options) => navigator.credentials.get({ publicKey: {
  ...options, challenge: fromText(options.challenge), allowCredentials: (options.allowCredentials ?? []).map(withId),
} });
const written = (credential) => {
  const response = {};
  for (const name of ["clientDataJSON", "attestationObject", "authenticatorData", "signature", "userHandle"]) {
    if (credential.response[name]) response[name] = toText(credential.response[name]);
  }
  if (credential.response.getTransports) response.transports = credential.response.getTransports();
  return { id: credential.id, rawId: toText(credential.rawId), type: credential.type, response,
    authenticatorAttachment: credential.authenticatorAttachment, clientExtensionResults: credential.getClientExtensionResults() };
};

document.addEventListener("submit", async (event) => {
  const form = event.target.closest("form[data-passkey]");
  if (!form) return;
  event.preventDefault();
  const failed = form.querySelector("[data-passkey-failed]");
  failed.hidden = true;
  try {
    const options = await optionsOf(form);
    const make = form.dataset.passkey === "create";
    const credential = make ? await create(options, form.elements.passwordless?.checked ?? true) : await get(options);
    form.elements.credential.value = JSON.stringify(written(credential));
    form.submit();
  } catch {
    failed.hidden = false;
  }
});
