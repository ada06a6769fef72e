// Small things of every page: dialogs, toasts, the theme switch, one submit per form.
document.addEventListener("click", (event) => {
  const target = event.target.closest(
    "[data-opens], [data-closes], [data-dismiss], [data-theme-switch], [data-side-by-side]",
  );
  if (!target) return;
  if (target.dataset.opens) document.getElementById(target.dataset.opens)?.showModal();
  else if ("closes" in target.dataset) target.closest("dialog").close();
  else if ("dismiss" in target.dataset) target.closest(".toast").remove();
  else if ("themeSwitch" in target.dataset) switchTheme();
  else if ("sideBySide" in target.dataset) {
    keep("side-by-side", target.ariaPressed === "true" ? "no" : "yes");
    location.reload();
  }
});

function keep(name, choice) {
  document.cookie = `${name}=${choice};path=/;max-age=31536000;samesite=lax`;
}

function switchTheme() {
  const root = document.documentElement;
  const dark = root.dataset.theme
    ? root.dataset.theme === "dark"
    : matchMedia("(prefers-color-scheme: dark)").matches;
  root.dataset.theme = dark ? "light" : "dark";
  keep("theme", root.dataset.theme);
}

document.addEventListener("click", (event) => {
  if (event.target.nodeName === "DIALOG") event.target.close();
});

// One box for all of a list.
document.addEventListener("change", (event) => {
  const name = event.target.dataset.all;
  if (name) for (const box of document.getElementsByName(name)) box.checked = event.target.checked;
});

// Arrow keys choose on their way: with them a filter applies when it is left.
document.addEventListener("change", ({ target }) => {
  if (!target.matches(".filters[method=get] :is(select, [data-typeahead])")) return;
  const apply = () => target.form.requestSubmit();
  if (target.matches("select:focus-visible"))
    target.addEventListener("blur", apply, { once: true });
  else apply();
});

// Sent, a page is on its way out: what is typed into it now would go with it, so its fields hold still. A second click
// while the first is on its way does nothing; the client key makes it harmless anyway.
let leaving;
const leave = () => {
  document.documentElement.dataset.leaving = "";
  for (const field of document.querySelectorAll(":is(input, textarea):not([readonly])"))
    field.readOnly = field.dataset.held = true;
};
const stay = () => {
  delete document.documentElement.dataset.leaving;
  document.querySelectorAll("form[data-sent]").forEach((form) => delete form.dataset.sent);
  for (const field of document.querySelectorAll("[data-held]")) {
    field.readOnly = false;
    delete field.dataset.held;
  }
};
document.addEventListener("submit", (event) => {
  const form = event.target;
  if (form.dataset.sent) return event.preventDefault();
  if (form.method !== "post" || form.matches("[hx-post]")) return;
  form.dataset.sent = "1";
  const inPlace = "inPlace" in form.dataset; // send.js says when it has arrived
  if ((!event.defaultPrevented || inPlace) && !form.target) leave();
  clearTimeout(leaving);
  if (!event.defaultPrevented || !inPlace) leaving = setTimeout(stay, 8000);
});
addEventListener("pageshow", stay);
document.addEventListener("sent", stay);

// Parts fetched into the shared dialog open it.
document.addEventListener("htmx:afterSwap", (event) => {
  if (event.target.id === "part-body") document.getElementById("part").showModal();
});

// The first field that was refused gets the focus, so that it is read out and seen.
const wrong = document.querySelector("[aria-invalid='true']");
const refused = document.querySelector(".page form .notice[role=alert]")?.closest("form");
(
  wrong ||
  refused?.querySelector(":is(select, textarea, input:not([type=hidden]))") ||
  refused?.querySelector("button")
)?.focus();
setTimeout(
  () =>
    document.querySelectorAll(".toast:not(.tone-red, .undo)").forEach((toast) => toast.remove()),
  6000,
);

// What is offered for some seconds goes along to the next page, for what is left of them.
const OFFERED = 10_000;
const offered = () => document.querySelector(".toast.undo");
const until = () => (offered().dataset.until ||= Date.now() + OFFERED);
for (const come of ["DOMContentLoaded", "sent"])
  document.addEventListener(come, () => offered() && until());
addEventListener("pagehide", () => {
  if (offered() && !offered().querySelector("form").dataset.sent)
    sessionStorage.setItem("undo", JSON.stringify([until(), offered().outerHTML]));
});
const [over, html] = JSON.parse(sessionStorage.getItem("undo") || "[0]");
sessionStorage.removeItem("undo");
if (over > Date.now() && !offered()) {
  document.getElementById("toasts").insertAdjacentHTML("beforeend", html);
  offered().style.setProperty("--left", `${over - Date.now()}ms`);
}

// What was offered for some seconds is over.
document.addEventListener(
  "animationend",
  ({ target }) => target.matches(".toast.undo") && target.remove(),
);

// Where the page itself scrolls (narrow screens) a ticket opens at its last message, like the wide one does.
if (matchMedia("(max-width: 1023px)").matches && !location.hash)
  document.querySelector(".timeline > ol > :last-child")?.scrollIntoView({ block: "end" });

// Choices a person keeps ("then next").
const recall = () => {
  for (const box of document.querySelectorAll("[data-remember]")) {
    const kept = localStorage.getItem(box.dataset.remember);
    if (kept !== null) box.checked = kept === "yes";
  }
};
recall();
document.addEventListener("shown", recall);
document.addEventListener("change", (event) => {
  const box = event.target;
  if (box.dataset.remember) localStorage.setItem(box.dataset.remember, box.checked ? "yes" : "no");
});

// A refused form is in sight.
document.querySelector("main .fact[open]")?.scrollIntoView({ block: "nearest" });
