// The palette: Ctrl+K (or ⌘K) opens it, arrows move through what is found, Enter in the box opens the first.
document.addEventListener("keydown", (event) => {
  if ((event.ctrlKey || event.metaKey) && !event.altKey && !event.shiftKey && event.key.toLowerCase() === "k" && !event.isComposing) {
    const opener = document.querySelector('[data-key="go"]');
    if (!opener || document.querySelector("dialog[open]")) return;
    event.preventDefault();
    opener.click();
    return;
  }
  const palette = event.target.closest?.("[data-palette]");
  if (!palette || event.isComposing) return;
  const goals = [...palette.querySelectorAll("[data-goal]")];
  const here = goals.indexOf(document.activeElement);
  const box = palette.querySelector("input[type=search]");
  if (event.key === "ArrowDown" || event.key === "ArrowUp") {
    event.preventDefault();
    const next = here + (event.key === "ArrowDown" ? 1 : -1);
    (next < 0 ? box : goals[Math.min(next, goals.length - 1)])?.focus();
  }
});
