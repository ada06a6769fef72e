// Several tickets chosen in a list: x, a click on the severity, with Shift all up to there. What can be done on all of
// them is a page of its own (console/many.html), of which a dialog shows the part.
const rows = () => [...document.querySelectorAll(".row")].filter((row) => row.checkVisibility());
const picked = new Set();
let anchor;
let bar;
const words = document.getElementById("list").dataset;
document.head.append(
  Object.assign(document.createElement("link"), { rel: "stylesheet", href: words.sheet }),
);
const element = (name, more, ...content) => {
  const made = Object.assign(document.createElement(name), more);
  made.append(...content);
  return made;
};
const button = (text, key, act) => {
  const made = element("button", { type: "button", className: "button quiet" }, `${text} `);
  if (key) made.append(element("kbd", { className: "hide-narrow" }, key));
  made.addEventListener("click", act);
  return made;
};

const show = () => {
  for (const row of document.querySelectorAll(".row")) {
    const is = picked.has(row.id);
    row.classList.toggle("picked", is);
    row.querySelector("a").ariaDescription = is ? words.picked : null;
  }
  if (!picked.size) {
    bar?.remove();
    bar = undefined;
    return;
  }
  if (!bar) {
    bar = element("div", { className: "picked-bar", role: "region", ariaLabel: words.picked });
    bar.append(
      element("b", { role: "status" }),
      button(words.all, "", () => {
        for (const row of rows()) picked.add(row.id);
        show();
      }),
      button(words.acts, ".", () => open()),
      button(words.none, "Esc", clear),
    );
    bar.children[2].classList.replace("quiet", "primary");
    document.body.append(bar);
  }
  bar.firstChild.textContent = `${picked.size} ${words.picked}`;
};
const clear = () => {
  picked.clear();
  show();
};

export const pick = (row, { upTo = false } = {}) => {
  const all = rows();
  const [from, to] = [all.indexOf(anchor), all.indexOf(row)].sort((one, other) => one - other);
  const is = !picked.has(row.id);
  const these = upTo && from >= 0 ? all.slice(from, to + 1) : [row];
  for (const { id } of these) {
    if (is || upTo) picked.add(id);
    else picked.delete(id);
  }
  anchor = row;
  show();
};

// The keys of the acts go to the choice as long as there is one.
const open = async (key) => {
  const numbers = [...picked].map((id) => ["ticket", id.slice(1)]);
  const asked = new URLSearchParams([...new URLSearchParams(location.search), ...numbers]);
  const address = `${words.many}?${asked}`;
  const answer = await fetch(address, { headers: { "X-Refresh": "many" } }).catch(() => null);
  if (!answer?.ok) return location.assign(address);
  const [dialog, body] = ["part", "part-body"].map((id) => document.getElementById(id));
  body.innerHTML = await answer.text();
  dialog.showModal();
  const chosen = key && body.querySelector(`[data-key="${CSS.escape(key)}"]`);
  if (chosen) enter(chosen);
  else body.querySelector("summary")?.focus();
};
const enter = (summary) => {
  summary.parentElement.open = true;
  summary.parentElement
    .querySelector("select, textarea, input:not([type=hidden]), button")
    ?.focus();
};

const typing = (node) => node.matches("input, textarea, select, [contenteditable]");
addEventListener(
  "keydown",
  (event) => {
    if (!picked.size || event.ctrlKey || event.metaKey || event.altKey || typing(event.target))
      return;
    const dialog = document.querySelector("dialog[open]");
    if (dialog) {
      const summary = dialog.querySelector(`#many [data-key="${CSS.escape(event.key)}"]`);
      if (!summary) return;
      enter(summary);
    } else if (event.key === "Escape") clear();
    else if (event.key.length === 1 && `${words.keys}.`.includes(event.key)) open(event.key);
    else return;
    event.preventDefault();
    event.stopImmediatePropagation();
  },
  true,
);
document.addEventListener("htmx:afterSettle", () => {
  for (const id of picked) if (!document.getElementById(id)) picked.delete(id);
  show();
});
