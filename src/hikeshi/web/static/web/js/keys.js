// Keys for people who live here all day; `?` lists them. Never while typing.
const places = { a: "alerts", h: "home", i: "incidents", s: "settings" };
let wentTo = 0;

const act = (name) => document.querySelector(`[data-key="${CSS.escape(name)}"]`);
document.addEventListener("keydown", (event) => {
  const typing = event.target.closest?.("input, textarea, select, [contenteditable]");
  if (typing && event.key === "Enter" && (event.ctrlKey || event.metaKey)) {
    typing.form?.requestSubmit();
    return;
  }
  if (typing || event.ctrlKey || event.metaKey || event.altKey || event.isComposing || document.querySelector("dialog[open]")) return;
  const going = Date.now() - wentTo < 1200;
  wentTo = 0;
  if (going && places[event.key]) act(`go-${places[event.key]}`)?.click();
  else if (event.key === "g") wentTo = Date.now();
  else if (event.key === "?") document.getElementById("keys")?.showModal();
  else if (event.key === "/" || event.key === "f" || event.key === "n" || event.key === "c") {
    const target = act({ "/": "search", f: "find", n: "note", c: "new" }[event.key]);
    if (!target) return;
    event.preventDefault();
    if (target.matches("input, textarea")) target.focus();
    else target.click();
  }
});
