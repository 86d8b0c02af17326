// On a phone the room's columns are tabs. Without this script the links jump to the columns, which then follow one another.
const show = (tab) => {
  const room = tab.closest("[data-tabs]") ?? document.querySelector("[data-tabs]");
  if (!room) return;
  room.dataset.tab = tab.hash.slice(1);
  for (const other of document.querySelectorAll(".room-tabs a")) {
    if (other.hash === tab.hash) other.setAttribute("aria-current", "true");
    else other.removeAttribute("aria-current");
  }
};
document.addEventListener("click", (event) => {
  const tab = event.target.closest(".room-tabs a[href^='#'], [data-tab-link]");
  if (!tab || !matchMedia("(max-width: 760px)").matches) return;
  event.preventDefault();
  show(tab);
  const target = tab.dataset.focus && document.getElementById(tab.dataset.focus);
  if (target) target.focus();
  else window.scrollTo({ top: 0 });
});
// Where places do not fit side by side, the one that is open comes into sight; the page itself stays at its top.
const here = document.querySelector(".side [aria-current]");
if (here) {
  const strip = here.closest(".side");
  const from = here.getBoundingClientRect().left - strip.getBoundingClientRect().left;
  strip.scrollLeft += from - (strip.clientWidth - here.offsetWidth) / 2;
}
// A browser leaves a tab that is half in sight where it is when the keyboard comes to it.
document.addEventListener("focusin", ({ target }) => {
  if (target.matches(".side a, .tabs a")) target.scrollIntoView({ block: "nearest", inline: "nearest" });
});
