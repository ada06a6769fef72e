// Keeps the kiosk's page and its files, so that it starts while the line is down. Nothing else is kept.
const NAME = "kiosk-1";
self.addEventListener("install", () => self.skipWaiting());
self.addEventListener("activate", (event) => event.waitUntil(clients.claim()));
self.addEventListener("message", (event) =>
  event.waitUntil(
    caches
      .open(NAME)
      .then((cache) => cache.addAll(event.data))
      .catch(() => {}),
  ),
);
self.addEventListener("fetch", (event) => {
  const { request } = event;
  if (request.method !== "GET" || new URL(request.url).origin !== location.origin) return;
  event.respondWith(answer(request));
});
const answer = async (request) => {
  const cache = await caches.open(NAME);
  try {
    const fresh = await fetch(request, { signal: AbortSignal.timeout(5000) });
    if (fresh.ok) await cache.put(request, fresh.clone());
    return fresh;
  } catch (failure) {
    const kept = await cache.match(request, { ignoreVary: true });
    if (kept) return kept;
    throw failure;
  }
};
