// Durations that run on: the server writes the words, this keeps them true.
const words = document.body.dataset;
const say = (seconds) => {
  const minutes = Math.max(0, Math.floor(seconds / 60));
  const hours = Math.floor(minutes / 60);
  if (hours >= 24) return words.days.replace("{d}", Math.floor(hours / 24)).replace("{h}", hours % 24);
  if (hours >= 1) return `${hours}:${String(minutes % 60).padStart(2, "0")}`;
  return words.minutes.replace("{m}", minutes);
};
const tick = () => {
  for (const time of document.querySelectorAll("time[data-since]")) {
    time.textContent = say((Date.now() - Date.parse(time.dataset.since)) / 1000);
  }
  for (const time of document.querySelectorAll("time[data-until]")) {
    const left = (Date.parse(time.dataset.until) - Date.now()) / 1000;
    time.textContent = (left > 0 ? time.dataset.ahead : time.dataset.past).replace("{t}", say(Math.abs(left)));
  }
};
if (words.days) setInterval(tick, 15000);
