// Keys for people who live here all day; `?` lists them. Never while typing.
const places = { a: "alerts", h: "home", i: "incidents", s: "settings" };
let wentTo = 0;

// Rows of a list: what has the focus is the row one is at, so that a reader by ear is there as well.
const rows = () => [...document.querySelectorAll(".table tr[data-row]")].filter((row) => row.querySelector("a.title"));
const rowHere = () => document.activeElement?.closest?.(".table tr[data-row]");
const step = (by) => {
  const all = rows();
  if (!all.length) return false;
  const at = all.indexOf(rowHere());
  const next = all[at < 0 ? (by > 0 ? 0 : all.length - 1) : Math.min(Math.max(at + by, 0), all.length - 1)];
  next.querySelector("a.title").focus();
  next.scrollIntoView({ block: "nearest" });
  return true;
};
const inList = (key) => {
  if (key === "j" || key === "k") return step(key === "j" ? 1 : -1);
  const row = rowHere();
  if (!row) return false;
  if (key === "ArrowDown" || key === "ArrowUp") return step(key === "ArrowDown" ? 1 : -1);
  const box = key === "x" && row.querySelector(".pick input[type=checkbox]");
  if (box) box.click();
  return Boolean(box);
};

const act = (name) => document.querySelector(`[data-key="${CSS.escape(name)}"]`);
document.addEventListener("keydown", (event) => {
  const typing = event.target.closest?.("input:not([type=checkbox]), textarea, select, [contenteditable]");
  if (typing && event.key === "Enter" && (event.ctrlKey || event.metaKey)) {
    typing.form?.requestSubmit();
    return;
  }
  if (typing || event.ctrlKey || event.metaKey || event.altKey || event.isComposing || document.querySelector("dialog[open]")) return;
  const going = Date.now() - wentTo < 1200;
  wentTo = 0;
  if (going && places[event.key]) act(`go-${places[event.key]}`)?.click();
  else if (!event.shiftKey && inList(event.key)) event.preventDefault();
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
