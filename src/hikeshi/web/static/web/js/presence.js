// While a record is open and looked at, the desk hears of it every 20 seconds, and answers who else is there and who types.
const EVERY = 20000;
let typed = 0;

const beat = async () => {
  const panel = document.querySelector("[data-here]");
  const secret = document.querySelector("[name=csrfmiddlewaretoken]")?.value;
  if (!panel || !secret || document.visibilityState !== "visible") return;
  const body = new URLSearchParams({ csrfmiddlewaretoken: secret, typing: Date.now() - typed < EVERY ? "1" : "" });
  try {
    const answer = await fetch(panel.dataset.here, { method: "POST", body, credentials: "same-origin" });
    if (!answer.ok || answer.redirected) return;
    const next = new DOMParser().parseFromString(await answer.text(), "text/html").body;
    if (next.textContent.trim() !== panel.textContent.trim()) panel.replaceChildren(...next.childNodes);
  } catch {
    // The next one may come through.
  }
};
document.addEventListener("input", (event) => {
  if (event.target.matches?.("textarea, input[type=text]")) typed = Date.now();
});
document.addEventListener("visibilitychange", beat);
if (document.querySelector("[data-here]")) {
  setTimeout(beat, 1000);
  setInterval(beat, EVERY);
}
