// A form with data-push makes this browser a way to be reached: it asks for leave, subscribes at the browser's push service
// and sends the subscription as a form like any other. What is in the way is said in words that stand on the page already.
const form = document.querySelector("form[data-push]");
const toText = (buffer) =>
  btoa(String.fromCharCode(...new Uint8Array(buffer))).replaceAll("+", "-").replaceAll("/", "_").replaceAll("=", "");
const fromText = (text) => Uint8Array.from(atob(text.replaceAll("-", "+").replaceAll("_", "/")), (letter) => letter.charCodeAt(0));
const say = (what) => {
  for (const one of form.querySelectorAll("[data-push-says]")) one.hidden = one.dataset.pushSays !== what;
};

const subscribed = async () => {
  const worker = await navigator.serviceWorker.register(form.dataset.worker, { scope: "/" });
  await navigator.serviceWorker.ready;
  if ((await Notification.requestPermission()) !== "granted") return say("denied");
  const token = form.querySelector("[name=csrfmiddlewaretoken]").value;
  const answer = await fetch(form.dataset.key, { method: "POST", headers: { "X-CSRFToken": token } });
  if (!answer.ok) return say("off");
  const { key } = await answer.json();
  const kept = await worker.pushManager.getSubscription();
  if (kept && toText(kept.options.applicationServerKey) !== key) await kept.unsubscribe();
  const made = await worker.pushManager.subscribe({ userVisibleOnly: true, applicationServerKey: fromText(key) });
  const address = { endpoint: made.endpoint, p256dh: toText(made.getKey("p256dh")), auth: toText(made.getKey("auth")) };
  for (const [name, value] of Object.entries(address)) form.elements[name].value = value;
  // Where the worker finds it, should the push service ever give this browser another address.
  const whole = JSON.stringify({ ...address, key, renew: form.dataset.renew });
  await (await caches.open("push")).put("/push-address", new Response(whole));
  form.submit();
};

if (form) {
  const able = window.isSecureContext && "serviceWorker" in navigator && "PushManager" in window;
  say(able ? "" : window.isSecureContext ? "unable" : "insecure");
  form.querySelector("button").disabled = !able;
  if (able) navigator.serviceWorker.register(form.dataset.worker, { scope: "/" }).catch(() => say("failed"));
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    subscribed().catch(() => say("failed"));
  });
}
