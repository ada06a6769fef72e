// Makes an element that is shown equal to a fresh one and keeps what a person does in it: what stays the same stays
// the same node, so that focus, caret, scroll, opened details and half-typed fields need not be put back.
const changed = (field) =>
  field.matches("select")
    ? field.selectedIndex !==
      Math.max(
        0,
        [...field.options].findIndex((one) => one.defaultSelected),
      )
    : field.value !== field.defaultValue || field.checked !== field.defaultChecked;
const FIELDS = "select, textarea, input:not([type=hidden])";
const inUse = (node) =>
  node.contains(document.activeElement) ||
  node.matches?.(".suggestions") ||
  [...(node.querySelectorAll?.(FIELDS) || [])].some(changed) ||
  (node.matches?.(FIELDS) && changed(node));

// Kept as they are: who opened what, what a click set in motion, and the key that makes a second click harmless; of a
// field that is typed into, what typeahead.js says of it, and below it the list.
const OWN = new Set(["open", "data-sent"]);
const dressed = (node, fresh) => {
  const typed = node === document.activeElement;
  for (const { name } of [...node.attributes])
    if (!fresh.hasAttribute(name) && !OWN.has(name) && !(typed && /^(role|aria-)/.test(name)))
      node.removeAttribute(name);
  for (const { name, value } of fresh.attributes)
    if (node.getAttribute(name) !== value && !OWN.has(name)) node.setAttribute(name, value);
};

// What is typed belongs to its form: without a name of its own a node is known by where its form leads.
const name = (node) =>
  node.id ||
  node.getAttribute?.("name") ||
  node.getAttribute?.("action") ||
  (node.nodeName === "DETAILS" && node.querySelector("form")?.getAttribute("action")) ||
  "";
const pairs = (node, fresh) => node.nodeName === fresh.nodeName && name(node) === name(fresh);

// Whether something that is gone still stands because a person uses it.
let held = false;
const filled = (node, fresh) => {
  let old = node.firstChild;
  for (const next of [...fresh.childNodes]) {
    let known = name(next) ? old : null;
    while (known && !pairs(known, next)) known = known.nextSibling;
    if (known && known !== old) {
      node.insertBefore(known, old);
      old = known;
    }
    if (old && pairs(old, next)) {
      const after = old.nextSibling;
      swap(old, next);
      old = after;
    } else node.insertBefore(next, old);
  }
  while (old) {
    const after = old.nextSibling;
    if (inUse(old)) held = true;
    else node.removeChild(old); // a form has in place of remove() its button of that name
    old = after;
  }
};

// The key that makes a second click harmless; and what was known when somebody began to type, until they are done.
const isOf = (node) =>
  node.matches("[name=client_key]") || (node.matches("[name=last_seen]") && inUse(node.form));

export const swap = (node, fresh) => {
  if (node.isEqualNode(fresh)) return;
  if (node.nodeType !== Node.ELEMENT_NODE) node.nodeValue = fresh.nodeValue;
  else if (!isOf(node)) {
    dressed(node, fresh);
    filled(node, fresh);
  }
};

// Swaps whole parts, each by its id, and returns whether the page shows them as they are. What was moved loses the focus in some browsers: it gets it back.
export const swapParts = (html) => {
  const focused = document.activeElement;
  held = false;
  for (const fresh of new DOMParser().parseFromString(html, "text/html").body.children) {
    const part = fresh.id && document.getElementById(fresh.id);
    if (!part) continue;
    swap(part, fresh);
    globalThis.htmx?.process(part);
  }
  if (focused?.isConnected && focused !== document.activeElement)
    focused.focus({ preventScroll: true });
  document.dispatchEvent(new Event("htmx:afterSettle"));
  return !held;
};
