// A menu closes once something in it is chosen, when one turns to something else, and at Escape.
const close = (except) => {
  for (const menu of document.querySelectorAll("details.menu[open]")) if (!except || !menu.contains(except)) menu.open = false;
};
document.addEventListener("click", (event) => close(event.target.closest("details.menu .items") ? null : event.target));
document.addEventListener("keydown", (event) => {
  if (event.key !== "Escape") return;
  const menu = document.querySelector("details.menu[open]");
  close();
  if (menu?.contains(document.activeElement)) menu.querySelector("summary").focus();
});
