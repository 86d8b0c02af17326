// What was typed survives a lost connection, a reload and a closed tab: forms with data-draft="name" keep their texts in this
// browser, per person, for seven days, until the server has them or the person signs out.
const owner = document.body.dataset.person ?? "";
const WEEK = 7 * 24 * 3600 * 1000;
const keyOf = (form) => `hikeshi.draft:${owner}:${form.dataset.draft}`;
const texts = (form) => [...form.querySelectorAll("textarea[name], input[type=text][name], select[name]")];

const restore = (root) => {
  for (const form of root.querySelectorAll("form[data-draft]")) {
    const kept = JSON.parse(localStorage.getItem(keyOf(form)) ?? "null");
    if (!kept || Date.now() - kept.at > WEEK) continue;
    for (const box of texts(form)) {
      if (box.name in kept.values && (!box.value || box.tagName === "SELECT")) box.value = kept.values[box.name];
    }
    const word = form.querySelector("[data-draft-kept]");
    if (word) word.hidden = false;
  }
};
const keep = (form) => {
  const values = Object.fromEntries(texts(form).filter((box) => box.value).map((box) => [box.name, box.value]));
  const typed = texts(form).some((box) => box.tagName !== "SELECT" && box.value);
  if (typed) localStorage.setItem(keyOf(form), JSON.stringify({ at: Date.now(), values }));
  else localStorage.removeItem(keyOf(form));
};
const forget = (form) => {
  localStorage.removeItem(keyOf(form));
  const word = form.querySelector("[data-draft-kept]");
  if (word) word.hidden = true;
};

document.addEventListener("input", (event) => {
  const form = event.target.closest?.("form[data-draft]");
  if (form) keep(form);
});
document.addEventListener("htmx:afterRequest", (event) => {
  const form = event.detail.elt.closest?.("form[data-draft]");
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
  if (!event.target.matches("form[data-forgets]")) return;
  for (const key of Object.keys(localStorage)) if (key.startsWith("hikeshi.draft:")) localStorage.removeItem(key);
});
document.addEventListener("htmx:afterSwap", (event) => restore(event.detail.target));
restore(document);
