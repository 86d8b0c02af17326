// A card that is dragged into another column asks the same act as its form. It stays where it is until the desk has said yes;
// where a condition, a reason or somebody else's change is in the way, the act's form opens and the card has not moved.
const dragged = () => document.querySelector(".board .slip.held");
const column = (target) => target.closest?.(".board .column[data-to]");
const unmark = () => { for (const one of document.querySelectorAll(".board .target")) one.classList.remove("target"); };
const ready = () => {
  for (const card of document.querySelectorAll(".board .slip[data-card]")) card.draggable = true;
};
const put = (card, to) => {
  const form = card.closest(".board");
  const by = form.dataset.board;
  const path = `${form.dataset.move}${encodeURIComponent(card.dataset.card)}/${by}/${encodeURIComponent(to)}`;
  const token = form.elements.csrfmiddlewaretoken.value;
  const values = by === "status" ? {} : { version: card.dataset.version, csrfmiddlewaretoken: token };
  return htmx.ajax(by === "status" ? "GET" : "POST", path, { source: "#sheet", target: "#sheet", swap: "innerHTML", values });
};
document.addEventListener("pointerdown", (event) => {
  event.target.closest?.(".board .slip[data-card]")?.classList.add("touched"); // not drawn anew under the hand
});
for (const end of ["pointerup", "pointercancel", "dragend"]) {
  document.addEventListener(end, () => document.querySelector(".board .touched")?.classList.remove("touched"));
}
document.addEventListener("dragstart", (event) => {
  const card = event.target.closest?.(".board .slip[data-card]");
  if (!card) return;
  card.classList.add("held");
  event.dataTransfer.effectAllowed = "move";
  event.dataTransfer.setData("text/plain", card.dataset.card);
});
document.addEventListener("dragover", (event) => {
  const over = column(event.target);
  const card = dragged();
  if (!card || !over) return;
  unmark();
  if (!over.dataset.to || over.contains(card)) return;
  event.preventDefault();
  over.classList.add("target");
});
document.addEventListener("drop", (event) => {
  const over = column(event.target);
  const card = dragged();
  if (!card || !over?.dataset.to || over.contains(card)) return;
  event.preventDefault();
  put(card, over.dataset.to);
});
document.addEventListener("dragend", () => {
  unmark();
  dragged()?.classList.remove("held");
});
document.addEventListener("hikeshi:panels", ready);
ready();
