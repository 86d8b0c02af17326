// The one dialog. A link with hx-target="#sheet" fills it; a form inside that succeeds closes it. What takes longer than a
// moment is waited for in the dialog itself; who closes it meanwhile has gone on. Where it closes, the keyboard is again where
// it was: at what opened it, or at the menu that holds that, also where the page was drawn anew below.
const sheet = document.getElementById("sheet");
const MOMENT = 150; // ms
let opener = null;
let asked = null;
let wait = 0;
const waits = () => Boolean(sheet?.querySelector(":scope > [data-waiting]"));
const now = (one) => {
  if (one.isConnected) return one;
  const get = one.getAttribute("hx-get");
  return one.id ? document.getElementById(one.id) : get && document.querySelector(`[hx-get="${CSS.escape(get)}"]`);
};
const back = () => {
  if (!opener || opener === document.body) return;
  const one = now(opener);
  const menu = one?.closest("details.menu:not([open])");
  (menu ? menu.querySelector("summary") : one)?.focus({ preventScroll: true });
  if (document.activeElement === document.body) document.getElementById("main")?.focus({ preventScroll: true });
};
const waited = () => {
  clearTimeout(wait);
  sheet?.removeAttribute("aria-busy");
};
document.addEventListener("htmx:beforeRequest", (event) => {
  const { target, elt, requestConfig } = event.detail;
  if (!sheet || target !== sheet || sheet.open) return;
  asked = elt;
  opener = elt === sheet || elt.contains(document.activeElement) ? document.activeElement : elt;
  waited();
  if (requestConfig.verb !== "get") return;
  wait = setTimeout(() => {
    sheet.replaceChildren(document.getElementById("sheet-waiting").content.cloneNode(true));
    sheet.setAttribute("aria-busy", "true");
    sheet.showModal();
  }, MOMENT);
});
document.addEventListener("htmx:beforeSwap", (event) => { if (event.detail.target === sheet) waited(); });
document.addEventListener("htmx:afterRequest", (event) => {
  if (event.detail.elt !== asked) return;
  waited();
  if (waits()) sheet.close(); // nothing came, or it went elsewhere
});
document.addEventListener("htmx:afterSwap", (event) => {
  if (!sheet || event.detail.target !== sheet || !sheet.firstElementChild) return;
  sheet.setAttribute("aria-label", sheet.querySelector("h1, h2")?.textContent ?? "");
  if (!sheet.open) sheet.showModal();
  (sheet.querySelector("[autofocus], .wrong ~ *, .field :is(input:not([type=hidden]), select, textarea)") ?? sheet).focus();
});
document.addEventListener("click", (event) => {
  if (event.target.closest("[data-close]") && sheet?.open) {
    event.preventDefault();
    sheet.close();
  }
});
sheet?.addEventListener("close", () => {
  if (waits()) htmx.trigger(asked, "htmx:abort");
  waited();
  sheet.replaceChildren();
  back();
});

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
  const { xhr } = event.detail;
  const busy = xhr.status === 503 && xhr.getResponseHeader("Retry-After");
  const failed = document.getElementById(busy ? "busy" : "failed");
  const byItself = event.detail.elt === document.body && event.detail.requestConfig?.verb === "get"; // the next look may succeed
  if (!failed || byItself || xhr.status < 500) return;
  document.getElementById("failed-code").textContent = xhr.getResponseHeader("Hikeshi-Code") ?? "";
  delete failed.dataset.gone;
});
document.addEventListener("htmx:afterRequest", (event) => { if (event.detail.successful && unsent) unsent.dataset.gone = ""; });
