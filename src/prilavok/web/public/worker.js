// Keeps the courier's pages that were opened, to be read without a network. Nothing else of the site passes through.
"use strict";

const SHELF = "courier-1";
const PATIENCE = 4000; // ms for the network before what is kept is shown

self.addEventListener("install", (event) => {
  event.waitUntil(caches.open(SHELF).then((shelf) => shelf.add("/k/courier.js")));
  self.skipWaiting();
});

self.addEventListener("activate", (event) => event.waitUntil(self.clients.claim()));

self.addEventListener("fetch", (event) => {
  const url = new URL(event.request.url);
  if (event.request.method === "GET" && url.origin === location.origin && url.pathname.startsWith("/k/")) {
    event.respondWith(fresh(event.request, url.pathname));
  }
});

async function fresh(request, place) {
  const shelf = await caches.open(SHELF);
  const kept = await shelf.match(place);
  const asked = fetch(request).then(async (answer) => {
    if (answer.ok) await shelf.put(place, answer.clone());
    else if (answer.status === 404) await shelf.delete(place); // the link is over: so is what was kept of it
    return answer;
  });
  if (!kept) return asked;
  const late = new Promise((resolve) => setTimeout(() => resolve(kept), PATIENCE));
  return Promise.race([asked.catch(() => kept), late]);
}
