// What was typed survives a lost connection, a reload and a closed tab: forms with data-draft="name" keep what was typed or
// chosen in this browser, per person, for seven days, until the server has it or the person signs out. With data-draft-here
// (somebody without an account, perhaps at a machine of many) it lives no longer than the tab.
const owner = document.body.dataset.person ?? "";
const WEEK = 7 * 24 * 3600 * 1000;
const SENDING = "hikeshi.sending";
const placeOf = (form) => ("draftHere" in form.dataset ? sessionStorage : localStorage);
const keyOf = (form) => `hikeshi.draft:${owner}:${form.dataset.draft}`;
const KINDS = ["text", "email", "tel", "search", "url", "number", "date", "datetime-local"].map((kind) => `input[type=${kind}][name]`);
const texts = (form) => [...form.querySelectorAll(["textarea[name]", "select[name]", ...KINDS].join())].filter((box) => !box.closest(".trap"));
const marks = (form) => [...form.querySelectorAll("input[type=radio][name], input[type=checkbox][name]")];

const restore = (root) => {
  for (const form of root.querySelectorAll("form[data-draft]")) {
    const kept = JSON.parse(placeOf(form).getItem(keyOf(form)) ?? "null");
    if (!kept || Date.now() - kept.at > WEEK) continue;
    for (const box of texts(form)) {
      if (box.name in kept.values && (!box.value || box.tagName === "SELECT")) box.value = kept.values[box.name];
    }
    if (kept.marks) for (const box of marks(form)) if (kept.marks.includes(`${box.name}=${box.value}`)) box.checked = true;
    form.dispatchEvent(new Event("change", { bubbles: true }));
    const word = form.querySelector("[data-draft-kept]");
    if (word) word.hidden = false;
  }
};
const keep = (form) => {
  const values = Object.fromEntries(texts(form).filter((box) => box.value).map((box) => [box.name, box.value]));
  const typed = texts(form).some((box) => box.tagName !== "SELECT" && box.value);
  const chosen = marks(form).filter((box) => box.checked).map((box) => `${box.name}=${box.value}`);
  if (typed) placeOf(form).setItem(keyOf(form), JSON.stringify({ at: Date.now(), values, marks: chosen }));
  else placeOf(form).removeItem(keyOf(form));
};
const forget = (form) => {
  placeOf(form).removeItem(keyOf(form));
  const word = form.querySelector("[data-draft-kept]");
  if (word) word.hidden = true;
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
// A form that sends itself the plain way is known to have arrived by the page that follows it.
if (document.querySelector("[data-draft-sent]") && !document.querySelector(".wrong, .notice[role=alert]")) {
  const sent = sessionStorage.getItem(SENDING);
  if (sent) for (const place of [localStorage, sessionStorage]) place.removeItem(sent);
}
if (document.querySelector("[data-draft-sent], form[data-draft]")) sessionStorage.removeItem(SENDING);
document.addEventListener("htmx:afterSwap", (event) => restore(event.detail.target));
restore(document);
