// One stream per page. "changed" refreshes the parts marked data-refresh; the composer is never touched.
(() => {
  const address = document.body.dataset.live;
  if (!address) return;
  const dot = document.getElementById("live");
  // A part somebody works in is left alone: an open form in it, or the focus. Lists keep the focus by their rows' ids.
  const busy = (part) =>
    part.querySelector("details[open] form") ||
    (part.contains(document.activeElement) && part !== document.activeElement);
  const parts = () =>
    [...document.querySelectorAll("[data-refresh]")].filter(
      (part) => part.dataset.refresh === "always" || !busy(part),
    );
  // At once after a quiet time, then every three seconds at most: a busy desk must not make every screen ask at every event.
  const PACE = 3000;
  let pending,
    last = 0;

  const refresh = () => {
    if (pending || document.hidden) return;
    pending = setTimeout(fetchParts, Math.max(150 + Math.random() * 200, last + PACE - Date.now()));
  };
  const fetchParts = async () => {
    pending = 0;
    last = Date.now();
    if (document.querySelector("dialog[open]")) return refresh();
    const answer = await fetch(location.href, { headers: { "X-Refresh": "1" } }).catch(() => null);
    if (!answer?.ok) return;
    const fresh = new DOMParser().parseFromString(await answer.text(), "text/html");
    parts().forEach((part) => swap(part, fresh.getElementById(part.id)));
  };
  const swap = (part, fresh) => {
    if (!fresh) return;
    const focused = part.contains(document.activeElement) ? document.activeElement : null;
    const held = focused?.id || focused?.closest("[id]")?.id || "";
    const top = part.scrollTop;
    part.replaceWith(fresh);
    htmx.process(fresh);
    fresh.scrollTop = top;
    const back = held && document.getElementById(held);
    if (back)
      (back.matches(".row") ? back.querySelector("a") : back).focus({ preventScroll: true });
    document.dispatchEvent(new Event("htmx:afterSettle"));
  };

  const open = () => {
    const stream = new EventSource(address);
    stream.onopen = () => dot?.classList.add("on");
    stream.onerror = () => dot?.classList.remove("on");
    stream.addEventListener("changed", refresh);
    stream.addEventListener("call", () => document.dispatchEvent(new Event("call")));
    stream.addEventListener("presence", (event) =>
      document.dispatchEvent(new CustomEvent("presence", { detail: JSON.parse(event.data) })),
    );
    addEventListener("pagehide", () => stream.close(), { once: true });
  };
  open();
  document.addEventListener("visibilitychange", refresh);
  addEventListener("pageshow", (event) => event.persisted && (refresh(), open()));
})();
