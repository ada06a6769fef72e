// The editor of the book: line numbers, what `deskbook check` finds beside the lines while one types, and what may stand
// where the cursor is, by the JSON Schema of the language. Without it the text area and its buttons do all of that.
const field = document.querySelector("textarea[data-findings]");
const words = JSON.parse(field.dataset.words);
const list = document.getElementById("findings");
const state = document.getElementById("found-state");
const drawings = document.getElementById("drawings");
const older = document.getElementById("drawn-before");
const token = () => document.querySelector("[name=csrfmiddlewaretoken]").value;
const made = (name, className, text = "") =>
  Object.assign(document.createElement(name), { className, textContent: text });

// Line numbers and findings lie beside and over the text and move with it.
const box = field.parentElement;
const gutter = made("div", "gutter");
const said = made("div", "said");
for (const layer of [gutter, said]) layer.setAttribute("aria-hidden", "true");
box.prepend(gutter);
box.append(said);
let found = [];
const levelOf = (one) => (one ? `at-${one.level}` : "");
const follow = () => {
  gutter.style.transform = `translateY(${-field.scrollTop}px)`;
  said.style.transform = `translate(${-field.scrollLeft}px, ${-field.scrollTop}px)`;
};
const draw = () => {
  const lines = field.value.split("\n");
  const worst = new Map();
  for (const one of found) if (worst.get(one.line)?.level !== "error") worst.set(one.line, one);
  gutter.replaceChildren(
    ...lines.map((_, at) => made("span", levelOf(worst.get(at + 1)), `${at + 1}`)),
  );
  said.replaceChildren(
    ...[...worst.values()].map((one) => {
      const words = made("span", levelOf(one), one.message);
      words.style.top = `calc(${one.line - 1} * var(--row))`;
      words.style.left = `${(lines[one.line - 1] || "").length + 3}ch`;
      return words;
    }),
  );
  follow();
};
field.addEventListener("scroll", follow);

const show = () => {
  list.replaceChildren(
    ...found.map((one) => {
      const [item, at] = [made("li", levelOf(one)), made("button", "at")];
      const code = made("a", "", one.code);
      at.type = "button";
      at.dataset.line = one.line;
      at.textContent = words.line.replace("…", one.line);
      code.href = `${field.dataset.codes}#${one.code}`;
      item.append(at, " ", made("span", "", one.message), " ", code);
      return item;
    }),
  );
  draw();
};
const goTo = (line) => {
  const lines = field.value.split("\n");
  const at = lines.slice(0, line - 1).reduce((sum, one) => sum + one.length + 1, 0);
  field.focus();
  field.setSelectionRange(at, at + (lines[line - 1] || "").length);
  field.scrollTop = (line - 5) * parseFloat(getComputedStyle(field).lineHeight);
};
const lineOfCursor = () => field.value.slice(0, field.selectionStart).split("\n").length;
list.addEventListener("click", ({ target }) => {
  if (target.dataset.line) goTo(Number(target.dataset.line));
});

// One question at a time: on a slow line the next one has all that was typed meanwhile.
let asking = false;
let again = false;
let waiting;
const check = async () => {
  if (asking) {
    again = true;
    return;
  }
  asking = true;
  state.textContent = words.checking;
  const text = field.value;
  const answer = await fetch(field.dataset.findings, {
    method: "POST",
    headers: { "X-CSRFToken": token(), "X-Desk": field.form.elements.at_desk.value },
    body: new URLSearchParams({ text, base: field.form.elements.base.value }),
  })
    .then((came) => (came.ok ? came.json() : null))
    .catch(() => null);
  asking = false;
  if (again) {
    again = false;
    return check();
  }
  if (!answer) {
    state.textContent = words.away;
    return;
  }
  state.textContent = answer.stopped || (answer.findings.length ? "" : words.none);
  found = answer.findings;
  show();
  // A text with errors cannot be drawn: what was drawn last stays, and says that it is older.
  older.hidden = Boolean(answer.drawn) || !drawings.children.length;
  if (answer.drawn) drawings.innerHTML = answer.drawn;
};
field.addEventListener("input", () => {
  draw();
  clearTimeout(waiting);
  waiting = setTimeout(check, 700);
});

// What may stand here. A place is the keys above the cursor; ITEM is a line of a list.
const ITEM = Symbol("item");
let schema;
const bare = (line) => line.replace(/(^|\s)#.*$/, "$1");
const indent = (line) => line.search(/\S|$/);
const above = (lines, row, column) => {
  const path = [];
  let edge = column;
  for (let at = row - 1; at >= 0 && edge > 0; at--) {
    const line = bare(lines[at]);
    if (!line.trim()) continue;
    const [inset, item] = [indent(line), line.trim().startsWith("- ")];
    if (inset > edge || (inset === edge && (item || path[0] !== ITEM))) continue;
    const key = line
      .trim()
      .match(/^(?:- )?([^:{[]+):/)?.[1]
      .trim();
    if (item) {
      if (inset + 2 < edge && key) path.unshift(key);
      path.unshift(ITEM);
    } else if (key) path.unshift(key);
    edge = inset;
  }
  return path;
};
const here = () => {
  const lines = field.value.slice(0, field.selectionStart).split("\n");
  const row = lines.length - 1;
  const [, inset, dash, rest] = bare(lines[row]).match(/^(\s*)(- )?(.*)$/);
  const path = above(lines, row, inset.length + (dash ? 1 : 0));
  if (dash) path.push(ITEM);
  let part = rest;
  for (;;) {
    const flow = part.match(/^([^:{}]*):\s*\{(.*)$/) || part.match(/^()\{(.*)$/);
    if (!flow || flow[2].includes("}")) break;
    if (flow[1].trim()) path.push(flow[1].trim());
    part = flow[2].split(/,(?![^{[]*[\]}])/).at(-1);
  }
  const [, key, value] = part.match(/^([^:]*):\s(.*)$/) || [];
  if (key !== undefined) return { path: [...path, key.trim()], typed: value.trimStart(), value };
  return { path, typed: part.trimStart() };
};
const branches = (node) => {
  if (!node || typeof node !== "object") return [];
  if (node.$ref) return branches(schema.$defs[node.$ref.split("/").at(-1)]);
  return [node, ...(node.anyOf || []).flatMap(branches)];
};
const inside = (nodes, step) =>
  nodes.flatMap((node) =>
    branches(
      step === ITEM ? node.items : node.properties?.[step] || node.additionalProperties || null,
    ),
  );
const options = ({ path, typed, value }) => {
  const nodes = path.reduce(inside, branches(schema));
  const known =
    value === undefined
      ? nodes.flatMap((node) =>
          Object.entries(node.properties || {}).map(([key, of]) => [
            `${key}: `,
            branches(of).find((one) => one.description)?.description,
          ]),
        )
      : nodes.flatMap((node) =>
          [...(node.enum || []), ...(node.examples || [])]
            .filter((one) => typeof one === "string")
            .map((one) => [one, ""]),
        );
  return [...new Map(known)].filter(([key]) => key.startsWith(typed) && key.trim() !== typed);
};

const menu = made("ul", "options");
Object.assign(menu, { id: "book-options", role: "listbox", hidden: true });
menu.setAttribute("aria-label", words.known);
box.append(menu);
let chosen = 0;
const close = () => {
  menu.hidden = true;
  field.removeAttribute("aria-activedescendant");
  field.removeAttribute("aria-controls");
};
const mark = () => {
  [...menu.children].forEach((one, at) => one.setAttribute("aria-selected", at === chosen));
  field.setAttribute("aria-activedescendant", `book-option-${chosen}`);
  menu.children[chosen]?.scrollIntoView({ block: "nearest" });
};
const offer = async () => {
  schema ||= await fetch(field.dataset.schema)
    .then((came) => came.json())
    .catch(() => null);
  if (!schema) return;
  const place = here();
  const shown = options(place);
  if (!shown.length) return close();
  menu.replaceChildren(
    ...shown.map(([key, means], at) => {
      const one = Object.assign(made("li", "", key.trim()), { id: `book-option-${at}` });
      one.role = "option";
      one.dataset.rest = key.slice(place.typed.length);
      if (means) one.append(made("span", "", ` ${means}`));
      return one;
    }),
  );
  const lines = field.value.slice(0, field.selectionStart).split("\n");
  const below = `calc(${lines.length} * var(--row) + 8px - ${field.scrollTop}px)`;
  menu.style.top = below;
  menu.style.left = `min(${lines.at(-1).length - place.typed.length + 5}ch, 100% - 18rem)`;
  menu.hidden = false;
  field.setAttribute("aria-controls", menu.id);
  chosen = 0;
  mark();
};
const insert = (text) => {
  field.focus();
  document.execCommand("insertText", false, text); // what ^Z takes back
};
const take = (one) => {
  close();
  if (one) insert(one.dataset.rest);
};
menu.addEventListener("mousedown", (event) => {
  event.preventDefault();
  take(event.target.closest("li"));
});
field.addEventListener("blur", close);
field.addEventListener("input", () => menu.hidden || offer());

field.addEventListener("keydown", (event) => {
  const does = { ArrowDown: 1, ArrowUp: -1 }[event.key];
  if (event.key === " " && event.ctrlKey) offer();
  else if (event.key === "F8" && event.altKey) {
    const next = found.find((one) => one.line > lineOfCursor()) || found[0];
    if (next) goTo(next.line);
  } else if (!menu.hidden && does) {
    chosen = (chosen + does + menu.children.length) % menu.children.length;
    mark();
  } else if (!menu.hidden && event.key === "Enter") take(menu.children[chosen]);
  else if (!menu.hidden && event.key === "Escape") close();
  else if (event.key === "Enter" && !event.ctrlKey && !event.metaKey && !event.isComposing) {
    const line = field.value.slice(0, field.selectionStart).split("\n").at(-1);
    insert(`\n${line.match(/^ */)[0]}`);
  } else return;
  event.preventDefault();
  event.stopPropagation();
});

box.classList.add("numbered");
draw();
check();
