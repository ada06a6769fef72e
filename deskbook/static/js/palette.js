// Ctrl+K: whatever a key or a click does on this page is found by its name, and so are tickets.
// What there is to do is read from the page when it is asked for: no second list of it can be wrong.
const MOST = 9;
const plain = (words) => words.normalize("NFD").replace(/\p{M}/gu, "").toLowerCase();

const nameOf = (target) => {
  if (target.dataset.label || target.ariaLabel) return target.dataset.label || target.ariaLabel;
  const seen = (target.labels?.[0] || target).cloneNode(true);
  for (const aside of seen.querySelectorAll("kbd, svg, .count, .cut ~ .cut")) aside.remove();
  const words = (seen.querySelector(".label") || seen).textContent.replace(/\s+/g, " ").trim();
  return words || target.title.replace(/ \(.\)$/, "");
};

const offered = () =>
  [
    ...document.querySelectorAll(
      "[data-key], .rail nav a, .rail nav button, .fact > summary, nav[hidden] a",
    ),
  ]
    .filter((target) => !target.closest("dialog, [data-palette]") && !target.disabled)
    .map((target) => ({
      does: target,
      name: nameOf(target),
      where: target.closest("nav")?.ariaLabel || "",
      key: target.dataset.key || "",
    }))
    .sort(
      (one, other) => Number(!!one.does.closest(".rail")) - Number(!!other.does.closest(".rail")),
    );

// Every word typed begins a word of its name; those whose name begins so come first.
const fitting = (all, typed) => {
  const words = plain(typed).split(/\s+/).filter(Boolean);
  const fits = ({ name }) =>
    words.every((word) =>
      plain(name)
        .split(/\s+/)
        .some((own) => own.startsWith(word)),
    );
  const first = ({ name }) => Number(!plain(name).startsWith(words[0] || ""));
  return all.filter(fits).sort((one, other) => first(one) - first(other));
};

const span = (className, text) =>
  Object.assign(document.createElement("span"), { className, textContent: text });
const row = ({ name, where = "", key = "" }, index) => {
  const option = document.createElement("li");
  option.role = "option";
  option.id = `palette-${index}`;
  option.append(span("cut grow", name), span("small faint", where));
  if (key) option.append(Object.assign(document.createElement("kbd"), { textContent: key }));
  return option;
};

class Palette {
  constructor(dialog, press) {
    Object.assign(this, { dialog, press, found: [], at: 0 });
    this.field = dialog.querySelector("input");
    this.list = dialog.querySelector("[role=listbox]");
    this.field.addEventListener("input", () => this.look());
    dialog.addEventListener("keydown", (event) => this.key(event));
    this.list.addEventListener("click", (event) => {
      const option = event.target.closest("[role=option]");
      if (option) this.take([...this.list.children].indexOf(option));
    });
  }

  open() {
    this.offered = offered();
    this.look();
  }

  look() {
    const typed = this.field.value.trim();
    this.show(typed, []);
    clearTimeout(this.waiting);
    if (typed.length > 1) this.waiting = setTimeout(() => this.tickets(typed), 180);
  }

  async tickets(typed) {
    const { tickets, ticket } = this.dialog.dataset;
    const answer = await fetch(`${tickets}?q=${encodeURIComponent(typed)}`).catch(() => null);
    if (!answer?.ok || this.field.value.trim() !== typed) return;
    const found = document.createElement("ul");
    found.innerHTML = await answer.text();
    const told = [...found.children].map((one) => ({
      href: ticket + one.dataset.value,
      name: one.children[0].textContent,
      where: one.children[1].textContent,
    }));
    this.show(typed, told);
  }

  show(typed, tickets) {
    const { search, words } = this.dialog.dataset;
    const everywhere = {
      href: `${search}?q=${encodeURIComponent(typed)}`,
      name: `${words} “${typed}”`,
    };
    this.found = [
      ...fitting(this.offered, typed).slice(0, typed ? MOST : undefined),
      ...tickets,
      ...(typed ? [everywhere] : []),
    ];
    this.list.replaceChildren(...this.found.map(row));
    this.choose(0);
  }

  choose(index) {
    this.at = (index + this.found.length) % this.found.length;
    for (const [n, option] of [...this.list.children].entries())
      option.ariaSelected = String(n === this.at);
    const chosen = this.list.children[this.at];
    this.field.setAttribute("aria-activedescendant", chosen.id);
    chosen.scrollIntoView({ block: "nearest" });
  }

  key(event) {
    if (event.key === "ArrowDown") this.choose(this.at + 1);
    else if (event.key === "ArrowUp") this.choose(this.at - 1);
    else if (event.key === "Enter") this.take(this.at);
    else return;
    event.preventDefault();
  }

  take(index) {
    const { does, href } = this.found[index];
    this.dialog.close();
    if (href) location.assign(href);
    else this.press(does);
  }
}

let palette;
export const open = (dialog, press) => {
  palette ||= new Palette(dialog, press);
  palette.open();
};
