// Of the page that stands in for another while the desk cannot be reached: says since when, and goes back as soon as the desk
// answers. What was sent and found no answer is never sent again by itself: then it goes to the page it was typed on.
// On the page of a failure it only leaves the draft alone, which else counts as sent on the next page.
sessionStorage.removeItem("hikeshi.sending");
const said = document.body.dataset;
const SINCE = "hikeshi.away";
const again = document.getElementById("away-again");
const tell = (name, at) => {
  const line = document.getElementById(`away-${name}`);
  const [clock] = line.getElementsByTagName("time");
  const form = { month: "numeric", day: "numeric", weekday: "short", hour: "2-digit", minute: "2-digit", hourCycle: "h23" };
  clock.dateTime = new Date(at).toISOString();
  clock.textContent = new Date(at).toLocaleString(document.documentElement.lang, form);
  line.hidden = false;
};
const where = () => {
  if (!("sent" in said)) return location.href;
  return document.referrer.startsWith(`${location.origin}/`) ? document.referrer : "/";
};
const look = async () => {
  const answer = await fetch(said.awayAt, { cache: "no-store", credentials: "omit" }).catch(() => null);
  if (answer?.ok && answer.headers.has("Hikeshi-Edition")) location.replace(where());
};
if ("standsIn" in said) {
  const since = sessionStorage.getItem(SINCE) ?? String(Date.now());
  sessionStorage.setItem(SINCE, since);
  tell("since", Number(since));
  const last = Number(localStorage.getItem("hikeshi.reached"));
  if (last) tell("last", last);
  document.getElementById("away-sent").hidden = !("sent" in said);
  again.href = where();
  again.addEventListener("click", (event) => {
    event.preventDefault();
    look();
  });
  addEventListener("online", look);
  setInterval(look, 5000);
}
