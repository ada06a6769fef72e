// What is written on a case, and taking it, is sent from its page, which stays and shows what came of it: between two
// pages keys are lost, and the rest of a word would be commands of the next one. Whatever else comes is a page as ever.
import "./composing.js";
import { swap } from "./swap.js";

const PATIENCE = 60_000;
const TOLD = 6000;
const composer = (page) => page.getElementById("composer");

// The box says whom the words go to: of a note, to nobody but the desk.
const say = () => {
  const said = document.querySelector("#composer [name=act]:checked")?.dataset.says;
  if (said) composer(document).elements.text.placeholder = said;
};
for (const told of ["change", "sent", "htmx:afterSettle"]) document.addEventListener(told, say);
say();

// What is refused is sent again with its files: a page that is sent cannot hold them.
const filesOf = (form) => {
  const along = new DataTransfer();
  if (form === composer(document))
    for (const file of form.elements.files?.files ?? []) along.items.add(file);
  return along.files;
};

const show = (form, page, address, files) => {
  const [box, faces] = [composer(document), document.getElementById("presence")];
  const [act, place] = [box.elements.act.value, form.getAttribute("action")];
  const key = page.querySelector(`form[action="${place}"] [name=client_key]`)?.value;
  if (form.contains(document.activeElement)) document.activeElement.blur();
  form.reset();
  const folds = [...composer(page).querySelectorAll("details")].map((one) => one.open);
  for (const [n, one] of composer(document).querySelectorAll("details").entries())
    one.open = folds[n];
  page.getElementById("presence").replaceChildren(...faces.cloneNode(true).childNodes);
  for (const part of ["content", "toasts"])
    swap(document.getElementById(part), page.getElementById(part));
  if (form.isConnected && key) form.elements.client_key.value = key;
  if (form !== box) box.elements.act.value = act; // what somebody has begun to write beside it
  // Those the desk kept are chosen there: here as well, they would leave twice.
  if (files.length && !composer(document).querySelector("[name=kept]"))
    composer(document).elements.files.files = files;
  htmx.process(document.getElementById("content"));
  history.replaceState(null, "", address);
  document.dispatchEvent(new Event("sent", { bubbles: true }));
  document.dispatchEvent(new Event("htmx:afterSettle"));
  document.querySelector("#composer [aria-invalid='true']")?.focus();
  document
    .querySelector(".timeline > ol > :last-child")
    ?.scrollIntoView({ block: matchMedia("(max-width: 1023px)").matches ? "end" : "nearest" });
  const toasts = document.querySelectorAll(".toast:not(.tone-red, .undo)");
  setTimeout(() => toasts.forEach((toast) => toast.remove()), TOLD);
};

const send = async (form, body) => {
  const how = { method: "POST", body, signal: AbortSignal.timeout(PATIENCE) };
  const answer = await fetch(form.action, how);
  const page = new DOMParser().parseFromString(await answer.text(), "text/html");
  if (composer(page)?.action !== composer(document)?.action) throw new Error("another page");
  show(form, page, answer.redirected ? answer.url : location.href, answer.ok ? [] : filesOf(form));
};

document.addEventListener("submit", (event) => {
  const [form, by] = [event.target, event.submitter];
  if (!("inPlace" in form.dataset) || form.dataset.sent || form.elements.then?.checked) return;
  event.preventDefault();
  // The same form with the same key, as a page: done already, it says so once more.
  send(form, new FormData(form, by)).catch(() => {
    delete form.dataset.inPlace;
    delete form.dataset.sent;
    form.requestSubmit(by);
  });
});
