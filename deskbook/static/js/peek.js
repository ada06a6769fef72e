// A look at a ticket over the list: its head and its story, as its own page makes them. Space and Escape lead back to
// the row, j and k to the next one, Enter opens it. What the keys do is said in the words of the help.
let asked;

const element = (name, className, ...content) => {
  const made = Object.assign(document.createElement(name), { className });
  made.append(...content);
  return made;
};

const fill = async (dialog, row) => {
  asked = row;
  const [link, page] = [row.querySelector("a"), dialog.querySelector("#peek .page")];
  dialog.ariaLabel = link.textContent.trim();
  const bar = element("div", "bar", element("h1", "cut", dialog.ariaLabel));
  page.replaceChildren(bar);
  const headers = { "X-Refresh": "head timeline", "X-Detail": "yes" };
  const answer = await fetch(link.href, { headers, cache: "no-store" }).catch(() => null);
  const html = answer?.ok ? await answer.text() : "";
  if (asked !== row || !dialog.open) return;
  const parts = new DOMParser().parseFromString(html, "text/html");
  const [head, story] = ["head", "timeline"].map((id) => parts.getElementById(id));
  if (!story) return location.assign(link.href); // its page says why
  bar.replaceChildren(head);
  page.append(story);
  story.focus({ preventScroll: true });
};

const KEYS = {
  " ": ({ dialog }) => dialog.close(),
  j: ({ dialog, list }) => {
    list.walk(1);
    fill(dialog, list.chosen());
  },
  k: ({ dialog, list }) => {
    list.walk(-1);
    fill(dialog, list.chosen());
  },
  Enter: ({ dialog, list }) => {
    dialog.close();
    list.chosen()?.querySelector("a").click();
  },
};

let list;
const hint = (key, of) => {
  const known = [...document.querySelectorAll("#keys kbd")].find((one) => one.textContent === of);
  return [element("kbd", "", key), ` ${known.previousElementSibling.textContent} `];
};
const begin = (dialog) => {
  for (const href of dialog.dataset.sheets.split(" "))
    document.head.append(
      Object.assign(document.createElement("link"), { rel: "stylesheet", href }),
    );
  document.addEventListener("keydown", (event) => {
    if (!dialog.open || !dialog.querySelector("#peek")) return;
    const act = !event.ctrlKey && !event.metaKey && !event.altKey && KEYS[event.key];
    if (!act || (event.target.closest("a, summary, button") && event.key === "Enter")) return;
    event.preventDefault();
    act({ dialog, list });
  });
  dialog.addEventListener("close", () => {
    if (!dialog.querySelector("#peek")) return;
    dialog.querySelector("#peek").remove();
    asked.querySelector("a").focus({ preventScroll: true });
  });
};

export const open = (dialog, { row, walk, chosen }) => {
  if (!list) begin(dialog);
  list = { walk, chosen };
  const keys = [...hint("Esc", "⌫"), ...hint("j", "j k"), ...hint("↵", "o ↵")];
  const peek = element("div", "", element("div", "page"), element("p", "hints", ...keys));
  peek.id = "peek";
  dialog.querySelector("#part-body").replaceChildren(peek);
  dialog.showModal();
  fill(dialog, row);
};

// Back from a ticket one stands where one was, on its row.
export const comeBack = (row) => {
  const fold = row.closest("details");
  if (fold) fold.open = true;
  row.scrollIntoView({ block: "center" });
  if (document.activeElement === document.body)
    row.querySelector("a").focus({ preventScroll: true });
};
