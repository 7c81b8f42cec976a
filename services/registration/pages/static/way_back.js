// The way back to the list of parties leads to the list as it was: filtered, ordered, on its page.
const KEPT = "porchlight-parties";
const list = /^\/staff\/[^/]+\/parties$/;

try {
  if (list.test(location.pathname)) sessionStorage.setItem(KEPT, location.pathname + location.search);
  const kept = sessionStorage.getItem(KEPT) ?? "";
  for (const link of document.querySelectorAll("a[data-list]")) {
    if (kept.split("?")[0] === link.pathname) link.href = kept;
  }
} catch {
  // A browser that keeps nothing leads to the whole list.
}
