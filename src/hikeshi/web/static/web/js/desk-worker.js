// The desk's own worker in a browser. It has two duties, whether a page of the desk is open or not:
// - It shows calls. Of them it keeps only this browser's own address, as the page that subscribed it (push.js) left it there:
//   when the push service gives the browser another one, the desk is told, and what only browser and desk know of the old
//   one proves it. Nobody need be signed in for that.
// - Where the desk cannot be reached it gives the page that says so (away.js, put there by reaching.js) for the one that was
//   asked. No page of a record is ever kept.
"use strict";
const OWN = "/push-address";
const PATIENCE = [0, 5, 30, 120];
const toText = (buffer) =>
  btoa(String.fromCharCode(...new Uint8Array(buffer))).replaceAll("+", "-").replaceAll("/", "_").replaceAll("=", "");
const fromText = (text) => Uint8Array.from(atob(text.replaceAll("-", "+").replaceAll("_", "/")), (letter) => letter.charCodeAt(0));
const pause = (seconds) => new Promise((go) => setTimeout(go, seconds * 1000));

const told = async (where, fields) => {
  for (const seconds of PATIENCE) {
    await pause(seconds);
    const sent = { method: "POST", body: new URLSearchParams(fields), credentials: "omit" };
    const answer = await fetch(where, sent).catch(() => null);
    if (answer && answer.status < 500) return answer.ok;
  }
  return false;
};

const renewed = async (fresh) => {
  const shelf = await caches.open("push");
  const kept = await shelf.match(OWN);
  if (!kept) return false;
  const { endpoint, p256dh, auth, key, renew } = await kept.json();
  const options = { userVisibleOnly: true, applicationServerKey: fromText(key) };
  const made = fresh ?? (await self.registration.pushManager.subscribe(options));
  const now = { endpoint: made.endpoint, p256dh: toText(made.getKey("p256dh")), auth: toText(made.getKey("auth")) };
  const known = await told(renew, { ...now, was: `${endpoint}#${p256dh}.${auth}` });
  if (known) await shelf.put(OWN, new Response(JSON.stringify({ ...now, key, renew })));
  return known;
};

const OURS = "Hikeshi-Edition";
const standIn = async (request) => {
  const shelf = await caches.open("away");
  const page = (await shelf.keys()).find((one) => !one.url.endsWith("?away"));
  if (!page) return Response.error();
  const kept = await shelf.match(page);
  const sent = request.method === "GET" ? "" : " data-sent";
  const body = (await kept.text()).replace("<body", `<body data-stands-in${sent}`);
  const headers = { "Content-Type": "text/html; charset=utf-8", "Cache-Control": "no-store" };
  headers["Content-Security-Policy"] = kept.headers.get("Content-Security-Policy");
  return new Response(body, { status: 503, headers });
};
// A server before the desk says so in its own words where the desk is only starting: ours are said instead.
const opened = async (request) => {
  const answer = await fetch(request).catch(() => null);
  const between = answer !== null && [502, 503, 504].includes(answer.status) && !answer.headers.has(OURS);
  return answer === null || between ? standIn(request) : answer;
};
const part = async (request) => (await (await caches.open("away")).match(request)) ?? fetch(request);
self.addEventListener("fetch", (event) => {
  const { request } = event;
  if (request.mode === "navigate") event.respondWith(opened(request));
  else if (new URL(request.url).search === "?away") event.respondWith(part(request));
});

self.addEventListener("install", () => self.skipWaiting());
self.addEventListener("activate", (event) => event.waitUntil(self.clients.claim()));
self.addEventListener("pushsubscriptionchange", (event) => event.waitUntil(renewed(event.newSubscription)));
self.addEventListener("push", (event) => {
  const said = event.data ? event.data.json() : {};
  const urgent = said.urgency === 1;
  event.waitUntil(
    self.registration.showNotification(String(said.title ?? "Hikeshi"), {
      tag: said.key, renotify: Boolean(said.key), requireInteraction: urgent, data: { link: said.link },
      vibrate: urgent ? [400, 200, 400, 200, 400] : [200],
    }),
  );
});
self.addEventListener("notificationclick", (event) => {
  event.notification.close();
  let to = new URL("/", self.location.origin);
  try {
    to = new URL(event.notification.data?.link || "/", self.location.origin);
  } catch { /* what is no address opens the desk itself */ }
  if (to.origin !== self.location.origin) to = new URL("/", self.location.origin);
  event.waitUntil(self.clients.openWindow(to.href));
});
