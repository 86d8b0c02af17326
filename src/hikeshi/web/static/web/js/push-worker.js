// Shows calls while no page of the desk is open, and opens the page that answers. It keeps nothing and caches nothing.
"use strict";
self.addEventListener("install", () => self.skipWaiting());
self.addEventListener("activate", (event) => event.waitUntil(self.clients.claim()));
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
