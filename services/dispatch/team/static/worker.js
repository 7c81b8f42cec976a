// Keeps the page and what it loads, so that it opens without signal. Sends nothing by itself.

const CACHE = "porchlight-team";
const PAGE = "/team";

self.addEventListener("install", () => self.skipWaiting());
self.addEventListener("activate", (event) => event.waitUntil(self.clients.claim()));

self.addEventListener("message", (event) => {
  if (event.data === "forget") event.waitUntil(caches.delete(CACHE));
  if (event.data === "keep") {
    event.waitUntil(caches.open(CACHE).then((cache) => fetchPage(PAGE, cache)).catch(() => undefined));
  }
});

self.addEventListener("fetch", (event) => {
  const { request } = event;
  const url = new URL(request.url);
  if (request.method !== "GET" || url.origin !== self.location.origin) return;
  if (request.mode === "navigate" && url.pathname === PAGE) {
    event.respondWith(url.search ? fresh(request) : shell(event));
  } else if (url.pathname.startsWith("/team/assets/")) {
    event.respondWith(asset(request));
  }
});

/** The page as it was kept, at once; meanwhile a newer one is fetched for the next time. */
async function shell(event) {
  const cache = await caches.open(CACHE);
  const kept = await cache.match(PAGE);
  const newer = fetchPage(PAGE, cache);
  if (!kept) return newer;
  event.waitUntil(newer.catch(() => undefined));
  return kept;
}

/** Another link or language was asked for: what is kept will not do, unless there is no signal. */
async function fresh(request) {
  const cache = await caches.open(CACHE);
  try {
    return await fetchPage(request.url, cache);
  } catch (fault) {
    const kept = await cache.match(PAGE);
    if (kept) return kept;
    throw fault;
  }
}

async function fetchPage(address, cache) {
  const answer = await fetch(address, { credentials: "same-origin", cache: "no-store" });
  if (answer.status === 410 || answer.status === 401) await caches.delete(CACHE);
  if (answer.ok) await keep(cache, answer.clone());
  return answer;
}

/** Keep a page only together with all that it loads; then let go of what older ones loaded. */
async function keep(cache, answer) {
  const text = await answer.clone().text();
  const wanted = new Set(
    [...text.matchAll(/"(\/team\/assets\/[^"]+)"/g)].map((found) => new URL(found[1], self.location.origin).href),
  );
  for (const address of wanted) {
    if (!(await cache.match(address))) await cache.add(address);
  }
  await cache.put(PAGE, answer);
  for (const request of await cache.keys()) {
    const { href, pathname } = new URL(request.url);
    if (pathname.startsWith("/team/assets/") && !wanted.has(href)) await cache.delete(request);
  }
}

/** Files have their version in the address: what is kept is right for ever. */
async function asset(request) {
  const kept = await caches.match(request);
  return kept ?? fetch(request);
}
