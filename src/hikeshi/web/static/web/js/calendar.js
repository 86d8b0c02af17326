// A task in the calendar is put on another day: with a mouse, with a finger that rests on it first (so that one still scrolls),
// or with the arrow keys. It stays where it is until the desk has said yes, by the act of the task's own form; where that has
// something to ask, the form opens. Nothing is asked before, everything can be taken back.
const told = document.getElementById("calendar-told");
if (told) {
  const words = told.dataset;
  const undoing = told.querySelector("[data-calendar-undo]");
  const REST = 350; // milliseconds a finger lies still before it lifts what is under it
  const SETTLED = 700; // milliseconds after the last key
  const EDGE = 56; // pixels from the top or bottom of the window where a carried task scrolls on
  const written = new Intl.DateTimeFormat(document.documentElement.lang, { timeZone: "UTC", month: "short", day: "numeric", weekday: "short" });
  let carried = null; // { one, id, x, y, finger, lifted, moved, day }
  let keyed = null; // { id, day, timer }
  let pending = null; // what was sent and not answered yet
  let unwanted = false; // it is taken back once it is there
  let done = null; // what can be taken back
  let swallow = false;

  const calendar = () => document.getElementById("calendar");
  const movable = (target) => target.closest?.(".calendar .event[data-move]");
  const dayOf = (one) => one.closest("[data-day]")?.dataset.day;
  const fill = (text, values) => text.replaceAll(/\{(\w+)\}/g, (_, name) => values[name]);
  const say = (text, title, day) => {
    told.hidden = false;
    told.firstElementChild.textContent = fill(text, { title, day: day ? written.format(Date.parse(`${day}T00:00:00Z`)) : "" });
    undoing.hidden = !done;
  };
  const aim = (day) => {
    for (const old of document.querySelectorAll(".calendar .target")) old.classList.remove("target");
    if (day) document.querySelector(`.calendar [data-day="${day}"]`)?.classList.add("target");
  };
  const send = async (what, day, undo) => {
    const sent = { ...what, day, undo };
    pending = sent;
    const token = told.querySelector("[name=csrfmiddlewaretoken]").value;
    try {
      await htmx.ajax("POST", what.move, { source: "#sheet", target: "#sheet", swap: "innerHTML", values: { due: day, version: what.version, csrfmiddlewaretoken: token } });
    } finally {
      const refused = pending === sent;
      if (refused) pending = null;
      else if (unwanted) back();
      unwanted = false;
    }
  };
  const put = (one, day) => {
    if (pending && one) return void setTimeout(() => put(document.getElementById(one.id), day), 200);
    if (!one || !day || day === dayOf(one)) return;
    const { move, version, title } = one.dataset;
    send({ move, title, version: Number(version), was: dayOf(one), id: one.id }, day, false);
  };
  const back = () => {
    if (keyed) leave();
    else if (pending) unwanted = !pending.undo;
    else if (done) send(done, done.was, true);
  };
  document.addEventListener("hikeshi:changed", () => {
    if (!pending) return;
    const { move, title, version, was, id, day, undo } = pending;
    done = undo ? null : { move, title, version: version + 1, was, id };
    pending = null;
    const here = document.getElementById(id);
    if (here && Number(here.dataset.version) <= version) here.dataset.version = version + 1;
    say(undo ? words.undone : words.moved, title, day);
  });

  // On a phone days without anything are not drawn; while something is carried they are, and it stays under the finger.
  const steady = (one, change) => {
    const before = one.getBoundingClientRect().top;
    change();
    scrollBy({ top: one.getBoundingClientRect().top - before, behavior: "instant" });
  };
  const lift = () => {
    if (!carried || carried.lifted) return;
    carried.lifted = true;
    steady(carried.one, () => {
      carried.one.classList.add("held");
      calendar().classList.add("carrying");
    });
    run();
  };
  const lay = () => {
    clearTimeout(carried?.timer);
    const { one, lifted } = carried ?? {};
    carried = null;
    one?.classList.remove("touched");
    aim("");
    if (!lifted) return;
    steady(one, () => {
      one.classList.remove("held");
      calendar()?.classList.remove("carrying");
    });
  };
  const over = () => {
    const at = document.elementFromPoint(carried.x, carried.y)?.closest(".calendar [data-day]");
    carried.day = at?.dataset.day ?? "";
    aim(carried.day === dayOf(carried.one) ? "" : carried.day);
  };
  const run = () => {
    if (!carried?.lifted) return;
    const by = carried.y < EDGE ? -8 : carried.y > innerHeight - EDGE ? 8 : 0;
    if (by && carried.moved) {
      scrollBy({ top: by, behavior: "instant" });
      over();
    }
    requestAnimationFrame(run);
  };
  document.addEventListener("pointerdown", (event) => {
    const one = movable(event.target);
    if (!one || event.button || !event.isPrimary) return;
    const finger = event.pointerType === "touch";
    carried = { one, id: event.pointerId, x: event.clientX, y: event.clientY, from: [event.clientX, event.clientY], finger, lifted: false, moved: false, day: "" };
    one.classList.add("touched"); // what is taken hold of is not drawn anew under the hand
    if (finger) carried.timer = setTimeout(lift, REST);
  });
  document.addEventListener("pointermove", (event) => {
    if (carried?.id !== event.pointerId) return;
    [carried.x, carried.y] = [event.clientX, event.clientY];
    const far = Math.hypot(event.clientX - carried.from[0], event.clientY - carried.from[1]) > 6;
    if (far && !carried.lifted) {
      if (carried.finger) return lay();
      lift();
    }
    if (!carried.lifted) return;
    carried.moved ||= far;
    over();
  });
  document.addEventListener("pointerup", (event) => {
    if (carried?.id !== event.pointerId) return;
    const { one, lifted, moved, day } = carried;
    swallow = lifted;
    setTimeout(() => { swallow = false; }, 50);
    lay();
    if (moved) put(one, day);
  });
  document.addEventListener("pointercancel", (event) => { if (carried?.id === event.pointerId) lay(); });
  document.addEventListener("touchmove", (event) => { if (carried?.lifted) event.preventDefault(); }, { passive: false });
  document.addEventListener("contextmenu", (event) => { if (carried?.finger) event.preventDefault(); });
  document.addEventListener("click", (event) => { if (swallow && event.target.closest(".calendar")) event.preventDefault(); }, true);

  const settle = () => {
    if (!keyed) return;
    const { id, day, timer } = keyed;
    const one = document.getElementById(id);
    clearTimeout(timer);
    keyed = null;
    aim("");
    one?.classList.remove("held");
    put(one, day);
  };
  const leave = () => {
    if (keyed) keyed.day = "";
    settle();
  };
  document.addEventListener("keydown", (event) => {
    if (event.key === "Escape" && carried) return lay();
    if (event.key === "Escape" && keyed) return leave();
    if (event.key === "z" && (event.ctrlKey || event.metaKey) && !event.shiftKey && (done || pending || keyed) && !event.target.closest?.("input, textarea, select, dialog")) {
      event.preventDefault();
      return back();
    }
    const days = { ArrowLeft: -1, ArrowRight: 1, ArrowUp: -7, ArrowDown: 7 }[event.key];
    const one = event.target.closest?.(".calendar .event");
    if (!days || !one || event.ctrlKey || event.metaKey || event.altKey || event.shiftKey) return;
    event.preventDefault();
    if (!one.dataset.move) return say(one.dataset.fixed, "", "");
    clearTimeout(keyed?.timer);
    const at = Date.parse(`${keyed?.id === one.id ? keyed.day : dayOf(one)}T00:00:00Z`);
    keyed = { id: one.id, day: new Date(at + days * 86400000).toISOString().slice(0, 10), timer: setTimeout(settle, SETTLED) };
    one.classList.add("held");
    aim(keyed.day);
    say(words.aimed, one.dataset.title, keyed.day);
  });
  document.addEventListener("focusout", (event) => { if (keyed && event.target.id === keyed.id) settle(); });
  undoing.addEventListener("click", back);
}
