// A page is made of panels: elements with an id and data-panel. An answer of the server is a page; only the panels whose
// content really changed are put in, so what somebody is typing elsewhere stays, and nothing moves under the pointer.
const asSent = new WeakMap();
let pointerMoved = 0;

const signature = (panel) => {
  const copy = panel.cloneNode(true);
  for (const secret of copy.querySelectorAll('[name="csrfmiddlewaretoken"]')) secret.remove();
  for (const running of copy.querySelectorAll("[data-since], [data-until]")) running.textContent = "";
  for (const element of [copy, ...copy.querySelectorAll("*")]) {
    element.removeAttribute("open");
    for (const name of [...element.classList]) if (name === "fresh" || name.startsWith("htmx-")) element.classList.remove(name);
    if (!element.classList.length) element.removeAttribute("class");
  }
  return copy.outerHTML;
};
const remember = (root) => {
  for (const panel of root.querySelectorAll("[data-panel]")) if (!asSent.has(panel)) asSent.set(panel, signature(panel));
};
const isTyping = (panel) => {
  const active = document.activeElement;
  const field = panel.contains(active) && active.matches("input:not([type=checkbox]), textarea, select");
  if (field) return true;
  const boxes = [...panel.querySelectorAll("textarea, input:not([type=hidden])")];
  return boxes.some((box) => box.value !== box.defaultValue || box.checked !== box.defaultChecked);
};
const underPointer = (panel) => panel.matches(":hover") && Date.now() - pointerMoved < 1000;
const choosing = (panel) => panel.querySelector("details.menu[open], .held, .touched") !== null;
const inUse = (panel) => isTyping(panel) || choosing(panel) || underPointer(panel);

const news = (before, after) => {
  const known = new Map([...before.querySelectorAll("[data-row]")].map((row) => [row.dataset.row, row.textContent]));
  return [...after.querySelectorAll("[data-row]")].filter((row) => known.get(row.dataset.row) !== row.textContent);
};
const mark = (before, after) => {
  const rows = before.querySelector("[data-row]") !== null;
  const changed = news(before, after);
  for (const element of changed.length || rows ? changed : [after]) element.classList.add("fresh");
};
// What has the focus, found again in what is drawn anew: by its name, else by where it leads.
const found = (one) => {
  if (one.id) return `#${CSS.escape(one.id)}`;
  for (const name of ["hx-get", "href"]) if (one.hasAttribute(name)) return `[${name}="${CSS.escape(one.getAttribute(name))}"]`;
  return one.matches("details[id] > summary") ? `#${CSS.escape(one.parentElement.id)} > summary` : "";
};
const put = (panel, next, live) => {
  for (const open of panel.querySelectorAll("details[open][id]")) next.querySelector(`#${CSS.escape(open.id)}`)?.setAttribute("open", "");
  asSent.set(next, signature(next));
  const focused = panel.contains(document.activeElement) ? found(document.activeElement) : "";
  panel.replaceWith(next);
  if (live) mark(panel, next);
  if (focused) (next.matches(focused) ? next : next.querySelector(focused))?.focus({ preventScroll: true });
  return next;
};

// What somebody looks at stays where it is on the screen, whatever comes in above: what the pointer was on, else, once they
// have scrolled, the first that is in sight; on a phone at the top of a page what stands where one reads. On a wide screen at
// the top all that is in sight stays: what would move a part of it waits (see `stirring`), unless it burns (data-urgent). A
// browser holds it by itself only while the very element stays, and never at the top. A page that nobody touched for a minute
// begins at its top again: a screen left on shows what is newest; so does a page that somebody comes back to.
const READS = 60000; // ms
const WAITS = 8000; // ms: so long behind the last touch what is new is only said, where it would move what is in sight
const oneColumn = matchMedia("(max-width: 760px)");
let lastTouch = Date.now();
let lent = 0; // px of the way down that we went ourselves, so that what is read stays
const reading = () => Date.now() - lastTouch < READS;
const atTop = () => scrollY <= lent;
const eyes = () => (atTop() ? innerHeight * 0.4 : 0); // px from the window's edge to where one reads
const hoveredPanel = () => Date.now() - pointerMoved < READS && [...document.querySelectorAll("[data-panel][id]:hover")].pop();
const lookedAt = () => {
  const level = eyes();
  const inSight = (one) => one.getBoundingClientRect().bottom > level;
  const hovered = hoveredPanel();
  const first = (!atTop() || (oneColumn.matches && reading())) && [...document.querySelectorAll("#main [data-panel][id]")].find(inSight);
  const panel = hovered || first;
  if (!panel) return null;
  const rows = [...panel.querySelectorAll("[data-row]")];
  const row = (hovered && rows.find((one) => one.matches(":hover"))) || rows.find(level ? inSight : (one) => one.getBoundingClientRect().top >= 0);
  return { id: panel.id, row: row?.dataset.row, top: (row ?? panel).getBoundingClientRect().top };
};
const held = (change) => {
  if (lent && atTop() && !reading()) {
    lent = 0;
    scrollTo({ top: 0, behavior: "instant" });
  }
  const lending = atTop();
  const seen = lookedAt();
  const done = change();
  const panel = seen && document.getElementById(seen.id);
  const there = panel && (seen.row ? panel.querySelector(`[data-row="${CSS.escape(seen.row)}"]`) : panel);
  const moved = there ? there.getBoundingClientRect().top - seen.top : 0;
  if (Math.abs(moved) >= 1) scrollBy({ top: moved, behavior: "instant" });
  if (lending) lent = scrollY;
  return done;
};

const waiting = new Map();
const stirring = new Set(); // of these, those that would move what somebody reads
// A panel that stays as it is says that there is something newer: over itself and what that is, where nothing may move.
const offer = (panel, what = "") => {
  panel.querySelector(":scope > .behind")?.remove();
  const button = document.createElement("button");
  button.type = "button";
  button.className = "button tiny";
  button.textContent = document.body.dataset.newer;
  const line = document.createElement("div");
  line.className = what ? "behind over" : "behind";
  line.setAttribute("role", "status");
  line.append(button);
  if (what) line.append(Object.assign(document.createElement("span"), { textContent: what }));
  panel.prepend(line);
};
const steady = () => !oneColumn.matches && atTop() && Date.now() - lastTouch < WAITS && !hoveredPanel();
const places = () => {
  const found = new Map();
  for (const panel of document.querySelectorAll("#main [data-panel][id]")) {
    for (const one of [panel, ...panel.querySelectorAll("[data-row]")]) {
      const { top, bottom, height } = one.getBoundingClientRect();
      if (height) found.set(`${panel.id} ${one.dataset.row ?? ""}`, { top, inSight: bottom > 0 && top < innerHeight });
    }
  }
  return found;
};
// Puts the panel in, unless that moved some of what is in sight and left other things where they were; what moved as one is
// scrolled back to where it was.
const putSteadily = (panel, next) => {
  const before = places();
  const [level, active] = [eyes(), panel.contains(document.activeElement) ? document.activeElement : null];
  put(panel, next, true);
  const after = places();
  const moves = new Set();
  for (const [name, { top, inSight }] of before) {
    const move = inSight && after.has(name) ? Math.round(after.get(name).top - top) : 0;
    if (move || (inSight && after.has(name) && top >= level)) moves.add(move);
  }
  const [move] = moves.size ? moves : [0];
  const room = document.documentElement.scrollHeight - innerHeight - scrollY;
  if (moves.size < 2 && (!move || (move > 0 && move <= room))) {
    if (move) scrollBy({ top: move, behavior: "instant" });
    lent = scrollY;
    return next;
  }
  const what = news(panel, next).map((row) => row.innerText.replace(/\s+/g, " ").trim()).join(" · ").slice(0, 200);
  next.replaceWith(panel);
  active?.focus({ preventScroll: true });
  waiting.set(panel.id, next);
  stirring.add(panel.id);
  offer(panel, what || " ");
  return null;
};
const absorb = (fragment, live) => {
  const placed = [];
  remember(document);
  for (const next of fragment.querySelectorAll("[data-panel][id]")) {
    const panel = document.getElementById(next.id);
    if (!panel || (next.id === "toasts" && !next.children.length)) continue;
    waiting.delete(panel.id);
    stirring.delete(panel.id);
    if (asSent.get(panel) === signature(next)) panel.querySelector(":scope > .behind")?.remove();
    else if (live && inUse(panel)) {
      waiting.set(panel.id, next);
      if (isTyping(panel)) offer(panel);
    } else if (live && steady() && panel.closest("#main") && !next.hasAttribute("data-urgent")) {
      const done = putSteadily(panel, next);
      if (done) placed.push(done);
    } else placed.push(put(panel, next, live));
  }
  return placed;
};
const catchUp = (force) => {
  let placed = false;
  for (const [id, next] of waiting) {
    const panel = document.getElementById(id);
    if (panel && !force && (inUse(panel) || (stirring.has(id) && steady()))) continue;
    waiting.delete(id);
    stirring.delete(id);
    if (panel) htmx.process(held(() => put(panel, next, true)));
    placed = true;
  }
  if (placed) document.dispatchEvent(new CustomEvent("hikeshi:panels", { detail: { live: true } }));
};

// An address without what was not asked for is one that can be read aloud.
document.addEventListener("htmx:configRequest", (event) => {
  const { verb, formData } = event.detail;
  if (verb === "get") for (const [name, value] of [...formData.entries()]) if (value === "") formData.delete(name);
});

document.addEventListener("pointermove", () => { pointerMoved = Date.now(); }, { passive: true });
for (const touch of ["pointermove", "pointerdown", "keydown", "wheel", "touchmove"]) {
  document.addEventListener(touch, () => { lastTouch = Date.now(); }, { passive: true });
}
document.addEventListener("visibilitychange", () => { lastTouch = 0; });
document.addEventListener("scroll", () => { lent = Math.min(lent, scrollY); }, { passive: true });
document.addEventListener("focusout", () => setTimeout(catchUp, 50));
document.addEventListener("click", (event) => { if (event.target.closest(".behind")) catchUp(true); });
setInterval(catchUp, 1000);

htmx.defineExtension("panels", {
  isInlineSwap: (style) => style === "panels" || style === "panels-live",
  handleSwap: (style, target, fragment) => {
    if (style !== "panels" && style !== "panels-live") return false;
    const live = style === "panels-live";
    const placed = live ? held(() => absorb(fragment, live)) : absorb(fragment, live);
    document.dispatchEvent(new CustomEvent("hikeshi:panels", { detail: { live } }));
    return placed;
  },
});
remember(document);
