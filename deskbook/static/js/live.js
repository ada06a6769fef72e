// One stream per page. "changed" refreshes the parts marked data-refresh; of the composer whom it goes to, never what is typed.
import { swapParts } from "./swap.js";

const address = () => document.getElementById("detail")?.dataset.live || document.body.dataset.live;
const dot = document.getElementById("live");
// At once after a quiet time, then every three seconds at most: a busy desk must not make every screen ask at every event.
const PACE = 3000;
let pending;
let last = 0;
// The tag of what the parts show; none once something else than a refresh has changed them.
let shown = "";
document.addEventListener("htmx:afterSwap", () => {
  shown = "";
});

const refresh = () => {
  if (pending || document.hidden) return;
  pending = setTimeout(fetchParts, Math.max(150 + Math.random() * 200, last + PACE - Date.now()));
};
const fetchParts = async () => {
  pending = 0;
  last = Date.now();
  if (document.querySelector("dialog[open]")) return refresh();
  const parts = [...document.querySelectorAll("[data-refresh]")].map((part) => part.id);
  if (!parts.length) return;
  // Not kept: by the same address the page itself must come back, not some parts of it.
  const headers = { "X-Refresh": parts.join(" "), "If-None-Match": shown };
  const answer = await fetch(location.href, { headers, cache: "no-store" }).catch(() => null);
  // What one may not see any more goes from the screen.
  if (answer?.status === 404) return location.reload();
  if (!answer?.ok) return;
  const html = await answer.text();
  shown = swapParts(html) ? answer.headers.get("ETag") : "";
  entitle();
};
// How much is late stands before the title, where a tab behind others shows it.
const entitle = () => {
  const late = document.querySelector("#queues .late")?.textContent.trim();
  document.title = `${late ? `(${late}) ` : ""}${document.title.replace(/^\(\S+\) /, "")}`;
};

// What concerns who looks: its count, and by their choice a notice of the browser while they look elsewhere.
const concern = ({ desk, unread, words, href }) => {
  const link = document.getElementById("for-you");
  if (link?.dataset.desk !== desk) return;
  const count = link.querySelector(".count");
  count.textContent = unread;
  count.hidden = !unread;
  if (document.querySelector("[data-refresh]#concerns")) refresh();
  if (!words || !document.hidden || localStorage.getItem("notices") !== "yes") return;
  const notice = new Notification(words, { tag: href });
  notice.onclick = () => {
    window.focus();
    location.assign(href);
  };
};

let stream;
const open = () => {
  stream?.close();
  stream = new EventSource(address());
  stream.onopen = () => dot?.classList.add("on");
  stream.onerror = () => {
    dot?.classList.remove("on");
    if (stream.readyState === EventSource.CLOSED) refresh();
  };
  stream.addEventListener("changed", refresh);
  stream.addEventListener("concern", (event) => concern(JSON.parse(event.data)));
  stream.addEventListener("call", () => document.dispatchEvent(new Event("call")));
  stream.addEventListener("presence", (event) =>
    document.dispatchEvent(new CustomEvent("presence", { detail: JSON.parse(event.data) })),
  );
};
if (address()) {
  entitle();
  open();
  addEventListener("pagehide", () => stream.close());
  document.addEventListener("shown", () => {
    shown = "";
    entitle();
    open();
  });
  document.addEventListener("visibilitychange", refresh);
  addEventListener("pageshow", (event) => {
    if (event.persisted) {
      refresh();
      open();
    }
  });
}
