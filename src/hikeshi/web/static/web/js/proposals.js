// What is proposed while somebody types lies over what comes next and moves nothing. It goes with Escape, with its button, and
// once one turns to something else; it comes again with other proposals, or as one comes back to the field.
const holders = () => document.querySelectorAll(".proposing");
const shown = (holder) => holder.querySelector(".proposals:not([data-gone]) > *");
const away = (holder) => { holder.querySelector(".proposals").dataset.gone = ""; };
const elsewhere = (event) => { for (const one of holders()) if (!one.contains(event.target)) away(one); };
document.addEventListener("focusin", (event) => {
  elsewhere(event);
  if (event.target.matches(".proposing .field *")) delete event.target.closest(".proposing").querySelector(".proposals").dataset.gone;
});
document.addEventListener("pointerdown", elsewhere);
document.addEventListener("htmx:beforeSwap", ({ detail }) => {
  const { target, serverResponse } = detail;
  if (!target.matches(".proposals")) return;
  const field = target.closest(".proposing").querySelector(".field :is(input, textarea)");
  if (target.dataset.was !== serverResponse && document.activeElement === field) delete target.dataset.gone;
  target.dataset.was = serverResponse;
});
const close = (holder) => {
  holder.querySelector(".field :is(input, textarea)").focus();
  away(holder);
};
document.addEventListener("click", (event) => {
  if (event.target.closest(".proposals [data-put-away]")) close(event.target.closest(".proposing"));
});
document.addEventListener("keydown", (event) => {
  const holder = event.key === "Escape" && event.target.closest?.(".proposing");
  if (!holder || !shown(holder)) return;
  event.preventDefault();
  close(holder);
}, true);
