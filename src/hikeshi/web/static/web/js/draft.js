// What was typed survives a lost connection, a lost session, a reload and a closed tab: forms keep in this browser, per person,
// for seven days, what was typed or chosen, until the server has it or the person signs out. A form has a name of its own
// (data-draft) or goes by its address; one that asks a secret keeps nothing. With data-draft-here (somebody without an account,
// perhaps at a machine of many) it lives no longer than the tab.
const owner = document.body.dataset.person ?? "";
const WEEK = 7 * 24 * 3600 * 1000;
const SENDING = "hikeshi.sending";
const placeOf = (form) => ("draftHere" in form.dataset ? sessionStorage : localStorage);
const keyOf = (form) => `hikeshi.draft:${owner}:${form.dataset.draft}`;
const keptOf = (form) => JSON.parse(placeOf(form).getItem(keyOf(form)) ?? "null");
const KINDS = ["text", "email", "tel", "search", "url", "number", "date", "datetime-local"].map((kind) => `input[type=${kind}][name]`);
const texts = (form) => [...form.querySelectorAll(["textarea[name]", "select[name]", ...KINDS].join())].filter((box) => !box.closest(".trap"));
const marks = (form) => [...form.querySelectorAll("input[type=radio][name], input[type=checkbox][name]")];
const version = (form) => form.querySelector("input[type=hidden][name=version]");
const asSent = (box) => (box.tagName === "SELECT" ? ([...box.options].find((one) => one.defaultSelected) ?? box.options[0])?.value ?? "" : box.defaultValue);

// Two forms of one page that go to the same address cannot be told apart: neither is kept.
const nameAll = (root) => {
  if (!owner) return;
  const found = new Map();
  for (const form of root.querySelectorAll("form[method=post]:not([data-draft])")) {
    if (!texts(form).some((box) => box.tagName !== "SELECT") || form.querySelector("[type=password], [autocomplete=one-time-code]")) continue;
    const name = `form:${new URL(form.getAttribute("action") || location.href, location.href).pathname}`;
    found.set(name, [...(found.get(name) ?? []), form]);
  }
  for (const [name, forms] of found) if (forms.length === 1) forms[0].dataset.draft = name;
};
const wordOf = (form) => {
  const word = form.querySelector("[data-draft-kept]");
  if (word || !document.body.dataset.kept) return word;
  const [line, clear] = [document.createElement("p"), document.createElement("button")];
  line.className = "fine dim";
  line.dataset.draftKept = "";
  Object.assign(clear, { type: "button", className: "button tiny plain", textContent: document.body.dataset.clear });
  clear.dataset.draftDrop = "";
  line.append(`${document.body.dataset.kept} `, clear);
  form.prepend(line);
  return line;
};
// Only what the person changed is put in again. What it was written over goes with it: where somebody saved another text
// meanwhile, the desk finds the older version and shows both.
const restore = (root, anew = true) => {
  nameAll(root);
  for (const form of root.querySelectorAll("form[data-draft]")) {
    const kept = keptOf(form);
    if (!kept || Date.now() - kept.at > WEEK) continue;
    let any = false;
    for (const box of texts(form)) {
      const text = kept.values[box.name];
      if (text === undefined || text === box.value || text === (kept.over?.[box.name] ?? "")) continue;
      box.value = text;
      any = true;
    }
    if (kept.marks) for (const box of marks(form)) if (kept.marks.includes(`${box.name}=${box.value}`)) box.checked = true;
    form.dispatchEvent(new Event("change", { bubbles: true }));
    if (!any) continue;
    const number = version(form);
    if (anew && number && kept.version) {
      form.dataset.versionSent ??= number.value;
      number.value = kept.version;
    }
    const word = wordOf(form);
    if (word) word.hidden = false;
  }
};
const keep = (form) => {
  const over = { ...Object.fromEntries(texts(form).map((box) => [box.name, asSent(box)])), ...keptOf(form)?.over };
  const values = Object.fromEntries(texts(form).filter((box) => box.value || over[box.name]).map((box) => [box.name, box.value]));
  const typed = texts(form).some((box) => box.tagName !== "SELECT" && box.value !== over[box.name]);
  const chosen = marks(form).filter((box) => box.checked).map((box) => `${box.name}=${box.value}`);
  if (typed) placeOf(form).setItem(keyOf(form), JSON.stringify({ at: Date.now(), values, over, marks: chosen, version: version(form)?.value }));
  else placeOf(form).removeItem(keyOf(form));
};
const forget = (form) => {
  placeOf(form).removeItem(keyOf(form));
  const word = form.querySelector("[data-draft-kept]");
  if (word) word.hidden = true;
  const number = version(form);
  if (number && form.dataset.versionSent) number.value = form.dataset.versionSent;
};

document.addEventListener("input", (event) => {
  const form = event.target.closest?.("form[data-draft]");
  if (form) keep(form);
});
document.addEventListener("htmx:afterRequest", (event) => {
  const form = event.detail.elt.matches?.("form[data-draft]") ? event.detail.elt : null;
  if (!form || ![200, 204, 303].includes(event.detail.xhr?.status) || event.detail.requestConfig.verb === "get") return;
  forget(form);
  form.reset();
});
document.addEventListener("click", (event) => {
  const form = event.target.closest?.("[data-draft-drop]")?.closest("form[data-draft]");
  if (!form) return;
  forget(form);
  form.reset();
});
document.addEventListener("submit", (event) => {
  if (event.target.matches("form[data-draft]:not([hx-post])")) sessionStorage.setItem(SENDING, keyOf(event.target));
  if (!event.target.matches("form[data-forgets]")) return;
  for (const place of [localStorage, sessionStorage]) {
    for (const key of Object.keys(place)) if (key.startsWith("hikeshi.draft:")) place.removeItem(key);
  }
});
// A form that sends itself the plain way is known to have arrived by the page that follows it: one that says so, or another
// page of the desk than a refusal or the form once more.
nameAll(document);
const sent = sessionStorage.getItem(SENDING);
if (sent) {
  sessionStorage.removeItem(SENDING);
  const wrong = document.querySelector(".wrong, .notice[role=alert]");
  const again = [...document.querySelectorAll("form[data-draft]")].some((form) => keyOf(form) === sent);
  const told = document.querySelector("#toasts .toast:not(.error)");
  const arrived = document.querySelector("[data-draft-sent]") ? !wrong : owner && !document.querySelector(".whole-state") && (!again || (told && !wrong));
  if (arrived) for (const place of [localStorage, sessionStorage]) place.removeItem(sent);
}
document.addEventListener("htmx:afterSwap", (event) => restore(event.detail.target, event.detail.requestConfig?.verb === "get"));
restore(document);
