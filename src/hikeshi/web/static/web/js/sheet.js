// The one dialog. A link with hx-target="#sheet" fills it; a form inside that succeeds closes it.
const sheet = document.getElementById("sheet");
document.addEventListener("htmx:afterSwap", (event) => {
  if (!sheet || event.detail.target !== sheet || !sheet.firstElementChild) return;
  if (!sheet.open) sheet.showModal();
  (sheet.querySelector("[autofocus], .wrong ~ *, .field :is(input:not([type=hidden]), select, textarea)") ?? sheet).focus();
});
document.addEventListener("click", (event) => {
  if (event.target.closest("[data-close]") && sheet?.open) {
    event.preventDefault();
    sheet.close();
  }
});
sheet?.addEventListener("close", () => { sheet.replaceChildren(); });

// Word of what was done goes by itself; what failed stays until it is put away.
const dismiss = (toast) => { toast.dataset.gone = ""; };
const toasts = () => {
  for (const toast of document.querySelectorAll(".toast:not(.error, [data-timed])")) {
    toast.dataset.timed = "";
    setTimeout(dismiss, 6000, toast);
  }
};
document.addEventListener("click", (event) => {
  const toast = event.target.closest("[data-dismiss]")?.closest(".toast");
  if (toast) dismiss(toast);
});
// Whoever opens a menu has gone on: on a telephone word of the act before would lie over the menu's last entries.
document.addEventListener("toggle", (event) => {
  if (event.target.matches("details.menu[open]")) document.querySelectorAll(".toast[data-timed]").forEach(dismiss);
}, true);
document.addEventListener("hikeshi:panels", toasts);
toasts();

// What could not be sent is said, and kept by draft.js.
const unsent = document.getElementById("unsent");
document.addEventListener("htmx:sendError", (event) => {
  if (unsent && event.detail.requestConfig?.verb !== "get") delete unsent.dataset.gone;
});
document.addEventListener("htmx:responseError", (event) => {
  const failed = document.getElementById("failed");
  const byItself = event.detail.elt === document.body && event.detail.requestConfig?.verb === "get"; // the next look may succeed
  if (!failed || byItself || event.detail.xhr.status < 500) return;
  document.getElementById("failed-code").textContent = event.detail.xhr.getResponseHeader("Hikeshi-Code") ?? "";
  delete failed.dataset.gone;
});
document.addEventListener("htmx:afterRequest", (event) => { if (event.detail.successful && unsent) unsent.dataset.gone = ""; });
