// The list and its ticket at once, where both fit: choosing a row shows the ticket beside it, as its own page would
// (console/_detail.html), under its own address. Whatever else is pressed is a page as ever.
const wide = matchMedia("(min-width: 1200px)");
const detail = () => document.getElementById("detail");
const list = () => document.getElementById("list");
const number = () => /\/tickets\/([^/]+)/.exec(location.pathname)?.[1];
const rowOf = (name) => name && document.getElementById(`t${name}`);
const into = (row) => row?.querySelector("a").focus({ preventScroll: true });

// Which row stands open: said anew whenever the list has come anew.
const mark = () => {
  for (const link of document.querySelectorAll(".listing .row a[aria-current]"))
    link.removeAttribute("aria-current");
  rowOf(number())?.querySelector("a").setAttribute("aria-current", "true");
};

let asked;
const show = async (address, { goesBack = false } = {}) => {
  asked = address;
  detail().ariaBusy = "true";
  const answer = await fetch(address, { headers: { "X-Detail": "yes" } }).catch(() => null);
  const html = answer?.ok ? await answer.text() : "";
  if (asked !== address) return false;
  const page = new DOMParser().parseFromString(html, "text/html");
  const fresh = page.getElementById("detail");
  if (!fresh) return location.assign(address);
  detail().replaceWith(fresh);
  document.title = page.title;
  if (!goesBack) history.pushState({}, "", answer.url);
  htmx.process(fresh);
  document.dispatchEvent(new Event("shown"));
  document.dispatchEvent(new Event("htmx:afterSettle"));
  return true;
};

const OPENS = ".listing .row a, .detail a[data-key='J'], .detail a[data-key='Backspace']";
document.addEventListener("click", async (event) => {
  const link = event.target.closest(OPENS);
  const elsewhere =
    event.button || event.metaKey || event.ctrlKey || event.shiftKey || event.altKey;
  if (!link || !wide.matches || elsewhere || event.defaultPrevented) return;
  event.preventDefault();
  const [before, byHand] = [rowOf(number()), event.detail > 0];
  if (!(await show(link.href))) return;
  const row = rowOf(number());
  row?.scrollIntoView({ block: "nearest" });
  if (!row) into(before);
  else if (!byHand || !link.isConnected) {
    into(row); // which makes it the chosen one
    detail().focus({ preventScroll: true });
  }
});

// The space bar shows it and leaves one in the list; once more puts it away.
document.addEventListener("look", (event) => {
  if (!wide.matches) return;
  event.preventDefault();
  const row = event.detail;
  const away = row === rowOf(number()) && detail().querySelector("a[data-key='Backspace']");
  show((away || row.querySelector("a")).href).then(() => into(row));
});

document.addEventListener("keydown", (event) => {
  const here = event.target === document.body || event.target === detail();
  if (event.key !== "Escape" || !here || document.querySelector("dialog[open]")) return;
  into(rowOf(number()) || document.querySelector(".row.chosen"));
});
addEventListener("popstate", () => show(location.href, { goesBack: true }));
document.addEventListener("htmx:afterSettle", mark);

// An act sent is a page that comes: the list stands as it stood.
addEventListener("pagehide", () => sessionStorage.setItem("scrolled", list()?.scrollTop || 0));
if (number() && list()) list().scrollTop = Number(sessionStorage.getItem("scrolled"));
rowOf(number())?.scrollIntoView({ block: "nearest" });
mark();
