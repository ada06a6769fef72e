// A call at the viewer's telephone: a small panel on every console screen. It takes no focus and covers no form.
(() => {
  const panel = document.getElementById("call-pop");
  if (!panel) return;
  const away = new Set();
  const look = async () => {
    const answer = await fetch(panel.dataset.source, { headers: { "X-Part": "1" } }).catch(
      () => null,
    );
    if (!answer?.ok) return;
    const fresh = document.createElement("div");
    fresh.innerHTML = await answer.text();
    fresh
      .querySelectorAll("[data-call]")
      .forEach((call) => away.has(call.dataset.call) && call.remove());
    if (panel.innerHTML.trim() === fresh.innerHTML.trim()) return;
    panel.replaceChildren(...fresh.childNodes);
  };
  document.addEventListener("call", look);
  panel.addEventListener("click", async (event) => {
    const button = event.target.closest("[data-put-away]");
    if (!button) return;
    const call = button.closest("[data-call]");
    const own = JSON.parse(document.body.getAttribute("hx-headers") || "{}");
    away.add(call.dataset.call);
    call.remove();
    await fetch(button.dataset.putAway, {
      method: "POST",
      headers: { ...own, "X-Part": "1" },
    }).catch(() => null);
  });
})();
