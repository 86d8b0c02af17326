// Keeps the open page true. The stream says which topic changed; the page asks the server for itself again and takes over
// the panels that differ. Without a SharedWorker the page holds a stream of its own.
const page = document.body.dataset;
const waitBetween = 800;
let timer = 0;
let lastAsked = 0;

const refresh = () => {
  clearTimeout(timer);
  timer = setTimeout(() => {
    if (document.hidden) return;
    lastAsked = Date.now();
    htmx.ajax("GET", location.pathname + location.search, { source: document.body, target: document.body, swap: "panels-live" });
  }, Math.max(100, lastAsked + waitBetween - Date.now()));
};
// An act of our own: the page takes over what it changed, whatever the pointer is on. The dialog closes only when the act was
// its own: one opened while a slower act was under way stays.
document.addEventListener("hikeshi:changed", (event) => {
  event.target.closest?.("#sheet")?.close();
  htmx.ajax("GET", location.pathname + location.search, { source: document.body, target: document.body, swap: "panels" });
});
const say = (up) => {
  document.body.classList.toggle("link-lost", !up);
  const clock = document.getElementById("live-since");
  if (clock && !up && !clock.textContent) clock.textContent = new Date().toLocaleTimeString(document.documentElement.lang, { hour: "2-digit", minute: "2-digit", hourCycle: "h23" });
  if (clock && up) clock.textContent = "";
  if (!up) refresh(); // without a stream the page looks for itself whenever the stream is tried in vain
};
if (page.live) {
  let hidden = false;
  let since = performance.timeOrigin; // what changed from then on may be missing on this page
  const topics = page.topics.split(" ");
  const changed = () => { if (document.hidden) hidden = true; else refresh(); };
  const where = { tokens: page.live, stream: page.stream };
  document.addEventListener("visibilitychange", () => {
    if (document.hidden || !hidden) return;
    hidden = false;
    refresh();
  });
  if (globalThis.SharedWorker) {
    const { port } = new SharedWorker(page.worker, "hikeshi-live");
    port.onmessage = ({ data }) => {
      if ("up" in data) say(data.up);
      if (data.changed) changed();
    };
    const enter = () => port.postMessage({ ...where, topics, since });
    enter();
    setInterval(() => port.postMessage({}), 30000);
    addEventListener("pagehide", () => {
      since = Date.now();
      port.postMessage({ bye: true });
    });
    addEventListener("pageshow", (event) => { if (event.persisted) enter(); });
  } else {
    const once = () => {
      const from = since;
      since = Infinity;
      return from;
    };
    globalThis.openStream({ ...where, changed, state: say, since: once })(topics);
  }
}
