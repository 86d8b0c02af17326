// What was chosen says at once what it means. On a phone the rest of the criteria wait folded: a form is short there, or it
// is not filled in. Without this script they stand open beside the choices, and folded under a list.
const narrow = matchMedia("(max-width: 480px)");
const chosen = (field) => (field.querySelector("select") ?? field.querySelector("input:checked"))?.value ?? "";
const explain = (fold) => {
  const meaning = fold.previousElementSibling;
  const row = [...fold.querySelectorAll("[data-value]")].find((one) => one.dataset.value === chosen(fold.parentElement));
  meaning.hidden = fold.open || !row;
  if (row) meaning.replaceChildren(...row.querySelector("dd").cloneNode(true).childNodes);
};
const settle = (root) => {
  for (const fold of root.querySelectorAll("details.criteria:not([data-settled])")) {
    fold.dataset.settled = "";
    const meaning = document.createElement("div");
    meaning.className = "meaning written";
    meaning.setAttribute("aria-live", "polite");
    fold.before(meaning);
    if (narrow.matches) fold.open = false;
    fold.addEventListener("toggle", () => explain(fold));
    fold.parentElement.addEventListener("change", () => explain(fold));
    explain(fold);
  }
};
document.addEventListener("htmx:load", (event) => settle(event.target));
settle(document);
