// Has the worker of this browser stand in, with a page of ours, wherever the desk cannot be reached; and notes when it last
// answered. The page is kept beforehand, as people here read it; it holds no word of any record.
const page = document.body.dataset;
const reached = () => localStorage.setItem("hikeshi.reached", String(Date.now()));
const kept = async () => {
  const shelf = await caches.open("away");
  if (await shelf.match(page.away)) return;
  const answer = await fetch(page.away);
  if (!answer.ok) return;
  const parts = new DOMParser().parseFromString(await answer.clone().text(), "text/html").querySelectorAll("link[href], script[src]");
  for (const old of await shelf.keys()) await shelf.delete(old);
  await shelf.addAll([...parts].map((one) => one.getAttribute("href") ?? one.getAttribute("src")));
  await shelf.put(page.away, answer);
};
reached();
sessionStorage.removeItem("hikeshi.away");
document.addEventListener("htmx:afterRequest", ({ detail }) => { if (detail.xhr?.getResponseHeader("Hikeshi-Edition")) reached(); });
if (page.away && isSecureContext && "serviceWorker" in navigator) {
  addEventListener("load", () => {
    navigator.serviceWorker.register(page.awayWorker, { scope: "/" }).then(kept).catch(() => {}); // the desk works without it
  });
}
