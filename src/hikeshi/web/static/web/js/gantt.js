// The plan. The server says what there is as short rows; only those in sight are drawn, so thousands cost no more than a
// screenful. A bar is a link: Enter opens it. What is moved, with mouse or keys, asks the same act as the task's own form;
// where somebody was faster, that form opens with both. Nothing is asked before, everything can be taken back.
const root = document.getElementById("gantt");
if (root) {
  const words = root.dataset;
  const [frame, field] = [root.querySelector(".frame"), root.querySelector(".field")];
  const told = root.querySelector(".told");
  const undoing = root.querySelector("[data-gantt-undo]");
  const TASK = 2;
  const [LATE, MOVABLE, NO_START, NO_DUE, MEASURE, DONE] = [1, 2, 4, 8, 16, 32];
  const PIXELS = { day: 36, week: 14, month: 5 };
  const HEAD = 64;
  const PAPER = 1030; // what a sheet of A4 holds, lying
  const SHEET = { first: 13, others: 18 }; // rows that stand whole on one: above the first there is the page's own head
  const small = matchMedia("(max-width: 640px)");
  const language = document.documentElement.lang;
  const written = (options) => new Intl.DateTimeFormat(language, { timeZone: "UTC", ...options });
  const [short, month, number] = [written({ month: "short", day: "numeric", weekday: "short" }), written({ year: "numeric", month: "short" }), written({ day: "numeric" })];
  let [rows, plan, first, key, px, printing] = [[], null, 0, "", PIXELS[words.zoom] ?? PIXELS.week, false];
  let moving = null; // { key, what, start, due, sent, grab }: a bar that is not where the desk has it; grab: where it was taken
  let pending = null; // what was sent and not answered yet
  let unwanted = false; // it is taken back once it is there
  let done = null; // what can be taken back
  let timer = 0;
  let redrawing = false; // what has the focus goes and comes again: nobody has turned away from it
  const quietly = (change) => { redrawing = true; change(); redrawing = false; };
  const drawn = new Map();
  let base = 0; // the row at the top of what is drawn: 0 but on the sheets of paper
  const { make, name_, draw, fill, place, sheets } = globalThis.planning;
  const grouped = () => rows[0]?.kind === 0; // under their own record tasks need not say whose they are
  const names = () => (small.matches && !printing ? 0 : 300);
  const tall = () => (small.matches && !printing ? 64 : 34);
  const at = (day) => names() + day * px;
  const dated = (day) => new Date(first + day * 86400000);
  const iso = (day) => dated(day).toISOString().slice(0, 10);
  const index = (wanted) => rows.findIndex((row) => row.key === wanted);
  const seen = (row) => (moving?.key === row.key ? { ...row, start: moving.start, due: moving.due } : row);
  const understood = ([kind, ref, title, owner, start, due, share, flags, ...more]) => {
    if (kind === 0) return { kind, title: ref, many: title, key: "" };
    const [uuid = "", version = 0, after = [], early = []] = kind === TASK ? more : [];
    return { kind, ref, title, owner, start, due, share, flags, uuid, version, after, early, key: uuid || ref };
  };
  const read = () => {
    plan = JSON.parse(document.getElementById("gantt-rows").textContent);
    first = Date.parse(`${plan.first}T00:00:00Z`);
    rows = plan.rows.map(understood);
    root.hidden = !rows.length;
    if (moving?.sent) moving = null;
    if (index(key) < 0) key = rows.find((row) => row.key)?.key ?? "";
  };
  const span = (row) => ({ title: row.title, owner: row.owner || words.nobody, ref: row.ref, share: row.share, start: short.format(dated(row.start)), due: short.format(dated(row.due)) });
  const spoken = (row) => {
    const said = [fill(row.kind === TASK ? words.bar : words.record, span(row))];
    for (const [bit, word] of [[MEASURE, words.measure], [LATE, words.late], [DONE, words.done], [row.kind === TASK ? NO_START : 0, words.unstarted], [NO_DUE, words.undue]]) if (row.flags & bit) said.push(word);
    if (row.after.length) said.push(fill(words.waits, { tasks: row.after.map((one) => rows[one].title).join(", ") }));
    if (row.early.length) said.push(words.early);
    return said.join(" ");
  };
  const looks = (row) => [row.kind === TASK ? "task" : "record", row.flags & MEASURE && "measure", row.flags & LATE && "late", row.flags & DONE && "done", row.flags & MOVABLE && "movable", row.flags & NO_START && "unstarted", row.flags & NO_DUE && "undue"].filter(Boolean).join(" ");
  const bar = (row) => {
    const one = make("a", `bar ${looks(row)}`);
    const from = Math.max(row.start, 0);
    one.href = `${words.room}${encodeURIComponent(row.ref)}/${row.kind === TASK ? "#tasks" : ""}`;
    one.dataset.key = row.key;
    one.draggable = false;
    one.tabIndex = row.key === key ? 0 : -1;
    one.setAttribute("aria-label", spoken(row));
    one.title = row.kind === TASK ? spoken(row) : `${spoken(row)}\n${(one.ariaDescription = words.derived)}`;
    place(one, { insetInlineStart: at(from), inlineSize: Math.max((Math.min(row.due, plan.days) - from + 1) * px, 6) });
    const share = make("span", "share");
    share.style.inlineSize = `${row.share}%`;
    one.append(share);
    if (row.flags & MOVABLE) for (const end of ["start", "due"]) one.append(Object.assign(make("span", `grip ${end}`), { ariaHidden: "true" }));
    return one;
  };
  const line = (row, number_) => {
    const one = make("div", row.kind ? "lane" : "lane heading");
    name_(one, { role: "listitem", "aria-setsize": rows.length, "aria-posinset": number_ + 1 });
    place(one, { insetBlockStart: HEAD + (number_ - base) * tall(), blockSize: tall() });
    const name = make("div", `name ${row.kind === TASK ? "task" : "record"}`);
    if (!row.kind) name.append(make("bdi", "", row.title), make("span", "count", row.many));
    else {
      if (row.kind !== TASK || grouped()) name.append(make("span", "figure fine dim", row.ref));
      name.append(make("bdi", "what", row.title), make("bdi", "fine dim", row.owner || words.nobody));
      name.title = row.title;
      one.append(bar(seen(row)));
    }
    if (small.matches && !printing) place(name, { inlineSize: frame.clientWidth });
    one.prepend(name);
    return one;
  };
  // Finish to start: from the end of the one to the beginning of the other; and through all rows how far things have come.
  const middle = (number_) => (number_ + 0.5) * tall() + (small.matches && !printing ? 14 : 0);
  const tie = (row, number_, before, top) => {
    const [from, to] = [at(seen(rows[before]).due + 1), at(seen(row).start)];
    const [above, below] = [middle(before) - top, middle(number_) - top];
    const turn = Math.max(from + 6, Math.min(to - 6, from + 12));
    const way = to > from + 6 ? `M${from} ${above}H${turn}V${below}H${to - 2}` : `M${from} ${above}h6V${(above + below) / 2}H${to - 8}V${below}h6`;
    return draw("path", { d: way, class: row.early.includes(before) ? "tie early" : "tie", "marker-end": "url(#gantt-tip)" });
  };
  const reached = (row) => {
    const now = plan.today + 0.5;
    if (row.flags & DONE) return Math.max(now, row.kind === TASK && row.due > plan.today ? row.due + 1 : now);
    return row.start > plan.today ? now : row.start + ((row.due + 1 - row.start) * row.share) / 100;
  };
  const lines = (from, to) => {
    const top = from * tall();
    const svg = draw("svg", { class: "lines", width: at(plan.days), height: (to - from) * tall(), "aria-hidden": "true" });
    place(svg, { insetBlockStart: HEAD + top - base * tall() });
    const tip = draw("marker", { id: "gantt-tip", viewBox: "0 0 8 8", refX: 7, refY: 4, markerWidth: 7, markerHeight: 7, orient: "auto" });
    tip.append(draw("path", { d: "M0 0L8 4L0 8z" }));
    svg.append(tip);
    const points = [`${at(plan.today + 0.5)},0`];
    for (let number_ = from; number_ < to; number_++) {
      const row = rows[number_];
      if (!row.kind) continue;
      points.push(`${at(reached(seen(row)))},${middle(number_) - top}`);
      for (const before of row.after) svg.append(tie(row, number_, before, top));
    }
    points.push(`${at(plan.today + 0.5)},${(to - from) * tall()}`);
    svg.append(draw("polyline", { points: points.join(" "), class: "progress" }));
    return svg;
  };
  const heads = () => {
    const days = make("div", "days");
    place(days, { inlineSize: at(plan.days), blockSize: HEAD });
    for (let day = 0; day < plan.days; day++) {
      const date = dated(day);
      const [begins, monday] = [date.getUTCDate() === 1 || day === 0, date.getUTCDay() === 1];
      const add = (name, text) => days.append(Object.assign(make("span", name, text)));
      if (begins && (day > 0 || dated(Math.max(6, Math.ceil(72 / px))).getUTCMonth() === date.getUTCMonth())) add("month", month.format(date));
      else if (begins) continue;
      if (begins) place(days.lastChild, { insetInlineStart: at(day) });
      if (px >= PIXELS.day || (px >= PIXELS.week && monday)) {
        add("day", number.format(date));
        place(days.lastChild, { insetInlineStart: at(day) });
      }
    }
    return days;
  };
  const ground = (many) => {
    const all = document.createDocumentFragment();
    const tallness = HEAD + many * tall();
    const strip = (name, day, many, text) => {
      const one = make("div", name);
      place(one, { insetInlineStart: at(day), inlineSize: many * px, blockSize: tallness });
      if (text) one.append(make("span", "", text));
      all.append(one);
    };
    for (let one = 0; one < plan.rest.length;) {
      let many = 1;
      while (plan.rest[one + many] === plan.rest[one] + many) many++;
      strip("rest", plan.rest[one], many);
      one += many;
    }
    for (const [day, name] of plan.marks) strip("mark", day, 1, name);
    strip("today", plan.today + 0.5, 0, words.today);
    return all;
  };
  let list = null;
  const sight = () => {
    const from = Math.max(0, Math.floor((frame.scrollTop - HEAD) / tall()) - 8);
    return [from, Math.min(rows.length, from + Math.ceil(frame.clientHeight / tall()) + 18)];
  };
  const show = () => {
    if (!list) return;
    const [from, to] = sight();
    for (const [number_, one] of drawn) if (number_ < from || number_ >= to) { one.remove(); drawn.delete(number_); }
    for (let number_ = from; number_ < to; number_++) {
      if (drawn.has(number_)) continue;
      const one = line(rows[number_], number_);
      drawn.set(number_, one);
      list.append(one);
    }
    field.querySelector(".lines")?.remove();
    list.before(lines(from, to));
  };
  const paint = () => {
    if (printing) {
      drawn.clear();
      list = null;
      field.removeAttribute("style");
      const sheet = { rows, grouped: grouped(), first: SHEET.first, others: SHEET.others, based: (row) => { base = row; } };
      field.replaceChildren(...sheets({ ...sheet, HEAD, tall: tall(), wide: at(plan.days), line, ground, heads, lines, key: root.querySelector(".key") }));
      return;
    }
    const focused = field.contains(document.activeElement);
    drawn.clear();
    place(field, { inlineSize: at(plan.days), blockSize: HEAD + rows.length * tall() });
    list = make("div", "rows");
    list.setAttribute("role", "list");
    quietly(() => { field.replaceChildren(ground(rows.length), heads(), list); (focused ? focus : show)(key); });
  };
  const again = (wanted) => {
    const number_ = index(wanted);
    const old = drawn.get(number_);
    if (!old) return;
    const one = old.querySelector(".bar");
    const focused = one === document.activeElement;
    const next = bar(seen(rows[number_]));
    if (moving?.key === wanted) next.classList.add("held");
    quietly(() => { one.replaceWith(next); if (focused) next.focus({ preventScroll: true }); });
    field.querySelector(".lines")?.remove();
    list.before(lines(...sight()));
  };
  const reach = (wanted, one) => {
    for (const old of field.querySelectorAll('.bar[tabindex="0"]')) old.tabIndex = -1;
    key = wanted;
    if (one) one.tabIndex = 0;
  };
  const focus = (wanted) => {
    const number_ = index(wanted);
    if (number_ < 0) return show();
    const top = HEAD + number_ * tall();
    if (top < frame.scrollTop + HEAD) frame.scrollTop = top - HEAD;
    else if (top + tall() > frame.scrollTop + frame.clientHeight) frame.scrollTop = top + tall() - frame.clientHeight;
    const row = seen(rows[number_]);
    const [left, right] = [at(Math.max(row.start, 0)), at(row.due + 1)];
    if (left < frame.scrollLeft + names() || left > frame.scrollLeft + frame.clientWidth) frame.scrollLeft = left - names() - 40;
    else if (right > frame.scrollLeft + frame.clientWidth && right - left < frame.clientWidth - names()) frame.scrollLeft = right - frame.clientWidth + 20;
    show();
    const one = drawn.get(number_)?.querySelector(".bar");
    reach(wanted, one);
    one?.focus({ preventScroll: true });
  };
  const toToday = () => { frame.scrollLeft = at(plan.today) - names() - (frame.clientWidth - names()) / 3; };
  const say = (text) => {
    told.hidden = false;
    told.firstElementChild.textContent = text;
    undoing.hidden = !done;
  };
  const send = async (row, values, undo) => {
    clearTimeout(timer);
    const sent = { row, undo, was: { start: row.flags & NO_START ? "" : iso(row.start), due: row.flags & NO_DUE ? "" : iso(row.due) }, now: seen(row), version: values.version };
    pending = sent;
    const path = `${words.plan}${encodeURIComponent(row.ref)}/${row.uuid}`;
    const token = root.querySelector("[name=csrfmiddlewaretoken]").value;
    try {
      await htmx.ajax("POST", path, { source: "#sheet", target: "#sheet", swap: "innerHTML", values: { ...values, csrfmiddlewaretoken: token } });
    } finally {
      if (pending === sent) {
        pending = null;
        cancel();
      } else if (unwanted) back();
      unwanted = false;
    }
  };
  const commit = () => {
    clearTimeout(timer);
    if (!moving || moving.sent || moving.grab) return;
    if (pending) { timer = setTimeout(commit, 200); return; }
    const row = rows[index(moving.key)];
    if (!row || (row.start === moving.start && row.due === moving.due)) { moving = null; return; }
    moving.sent = true;
    const values = { version: row.version };
    if (moving.what !== "due") values.start = iso(moving.start);
    if (moving.what !== "start") values.due = iso(moving.due);
    send(row, values, false);
  };
  const back = () => {
    if (moving && !moving.sent) return cancel();
    if (pending) unwanted = !pending.undo;
    const row = !pending && done && rows[index(done.key)];
    if (row) send(row, { start: done.start, due: done.due, version: done.version }, true);
  };
  document.addEventListener("hikeshi:changed", () => {
    if (!pending) return;
    const { row, was, now, version, undo: undone } = pending;
    const before = done?.seen;
    done = undone ? null : { key: row.key, ...was, version: version + 1, seen: { ...row } };
    // The next one may be taken and sent before the page has come again.
    const here = rows[index(row.key)];
    if (here && here.version <= version) Object.assign(here, undone ? { start: before.start, due: before.due } : { start: now.start, due: now.due }, { version: version + 1 });
    pending = null;
    say(fill(undone ? words.undone : words.moved, span(undone ? before : now)));
  });
  const shifted = (row, what, days) => {
    const now = seen(row);
    const next = { start: now.start, due: now.due };
    if (what !== "due") next.start += days;
    if (what !== "start") next.due += days;
    return next.start <= next.due ? next : null;
  };
  field.addEventListener("keydown", (event) => {
    const one = event.target.closest(".bar");
    if (!one) return;
    const number_ = index(one.dataset.key);
    const row = rows[number_];
    const step = { ArrowUp: -1, ArrowDown: 1 }[event.key];
    const days = { ArrowLeft: -1, ArrowRight: 1 }[event.key];
    if (step) {
      commit();
      let next = number_ + step;
      while (rows[next] && !rows[next].key) next += step;
      if (rows[next]) focus(rows[next].key);
    } else if (event.key === "Home" || event.key === "End") {
      const some = rows.filter((other) => other.key);
      focus((event.key === "Home" ? some[0] : some.at(-1)).key);
    } else if (days && !event.altKey && !event.metaKey) {
      if (!(row.flags & MOVABLE)) say(row.kind === TASK ? words.fixed : words.derived);
      else {
        const what = event.shiftKey ? "due" : event.ctrlKey ? "start" : "both";
        if (moving && (moving.key !== row.key || moving.sent)) commit();
        const next = shifted(row, what, days);
        if (next && !moving?.grab) {
          moving = { key: row.key, what: moving?.key === row.key && !moving.sent && moving.what !== what ? "both" : what, ...next };
          again(row.key);
          say(spoken(seen(row)));
          clearTimeout(timer);
          timer = setTimeout(commit, 700);
        }
      }
    } else if (event.key === "Escape" && moving && !moving.sent) cancel();
    else return;
    event.preventDefault();
    event.stopPropagation();
  });
  const cancel = () => {
    clearTimeout(timer);
    const wanted = moving?.key;
    moving = null;
    again(wanted);
  };
  document.addEventListener("keydown", (event) => {
    if (event.key !== "z" || !(event.ctrlKey || event.metaKey) || event.shiftKey || event.target.closest?.("input, textarea, select, dialog")) return;
    if (!done && !pending && !moving) return;
    event.preventDefault();
    back();
  });
  field.addEventListener("focusout", () => { if (!redrawing) commit(); });
  field.addEventListener("focusin", (event) => {
    const one = event.target.closest(".bar");
    if (one && one.dataset.key !== key) reach(one.dataset.key, one);
  });
  field.addEventListener("pointerdown", (event) => {
    const one = event.target.closest(".bar.movable");
    const grip = event.target.closest(".grip");
    if (!one || event.button || (event.pointerType === "touch" && !grip)) return;
    if (moving && !moving.sent) commit();
    const row = seen(rows[index(one.dataset.key)]);
    const what = grip ? (grip.classList.contains("start") ? "start" : "due") : "both";
    moving = { key: row.key, what, start: row.start, due: row.due, grab: { x: event.clientX, id: event.pointerId, moved: false, from: row } };
  });
  document.addEventListener("pointermove", (event) => {
    const grab = moving?.grab;
    if (!grab || grab.id !== event.pointerId) return;
    const row = rows[index(moving.key)];
    const days = Math.round((event.clientX - grab.x) / px);
    const { what } = moving;
    const start = grab.from.start + (what === "due" ? 0 : days);
    const due = grab.from.due + (what === "start" ? 0 : days);
    if (Math.abs(event.clientX - grab.x) > 4) grab.moved = true;
    if (start > due || (start === moving.start && due === moving.due)) return;
    [moving.start, moving.due] = [start, due];
    again(row.key);
    say(spoken(seen(row)));
  });
  let swallow = false;
  document.addEventListener("pointerup", () => {
    if (!moving?.grab) return;
    swallow = moving.grab.moved;
    setTimeout(() => { swallow = false; });
    moving.grab = null;
    commit();
    if (later) refresh();
  });
  document.addEventListener("pointercancel", () => { if (moving?.grab) cancel(); });
  document.addEventListener("keydown", (event) => { if (event.key === "Escape" && moving?.grab) cancel(); });
  field.addEventListener("click", (event) => { if (swallow) event.preventDefault(); }, true);
  field.addEventListener("dragstart", (event) => event.preventDefault());

  let later = false;
  const refresh = () => {
    later = Boolean(moving?.grab);
    if (later) return;
    read();
    if (rows.length) paint();
  };
  let before = document.getElementById("gantt-rows");
  document.addEventListener("hikeshi:panels", () => {
    const now = document.getElementById("gantt-rows");
    if (now !== before) refresh();
    else if (moving?.sent && !pending) cancel();
    before = now;
  });
  frame.addEventListener("scroll", () => requestAnimationFrame(show), { passive: true });
  addEventListener("resize", () => { if (rows.length) paint(); });
  root.querySelector("[data-gantt-today]").addEventListener("click", toToday);
  undoing.addEventListener("click", back);
  const onPaper = (really) => {
    printing = really;
    px = really ? Math.max(1, (PAPER - names()) / plan.days) : PIXELS[words.zoom] ?? PIXELS.week;
    if (rows.length) paint();
  };
  addEventListener("beforeprint", () => onPaper(true));
  addEventListener("afterprint", () => onPaper(false));
  refresh();
  if (rows.length) toToday();
}
