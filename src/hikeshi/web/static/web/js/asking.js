// Questions that depend on another answer come and go at once. Without this script they come with the next page.
const answered = (form, name, value) =>
  [...form.querySelectorAll(`[name="${CSS.escape(name)}"]`)].some((box) => {
    if (box.closest("fieldset[disabled]")) return false;
    return box.type === "radio" || box.type === "checkbox" ? box.checked && box.value === value : box.value === value;
  });

// In their order: one that opens may open a later one.
const settle = (form) => {
  for (const asked of form.querySelectorAll("fieldset[data-when]")) {
    const open = JSON.parse(asked.dataset.when).some(([name, value]) => answered(form, name, value));
    asked.hidden = asked.disabled = !open;
  }
};

const formOf = (element) => element?.closest?.("form:has(fieldset[data-when])");
document.addEventListener("change", (event) => {
  const form = formOf(event.target);
  if (form) settle(form);
});
addEventListener("pageshow", () => document.querySelectorAll("form:has(fieldset[data-when])").forEach(settle));
