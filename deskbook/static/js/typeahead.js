// People and tickets are found by typing, never by a list of thousands. The server sends <li role="option" data-value>.
(() => {
  let waiting,
    asked = "";
  const box = (field) => field.parentElement.querySelector("[role=listbox]");
  const shut = (field) => {
    box(field)?.remove();
    field.removeAttribute("aria-activedescendant");
    field.setAttribute("aria-expanded", "false");
  };
  const take = (field, option) => {
    field.value = option.dataset.value;
    field.dataset.chosen = option.dataset.chosen || "";
    shut(field);
    field.dispatchEvent(new Event("change", { bubbles: true }));
  };

  const look = async (field) => {
    const joint = field.dataset.typeahead.includes("?") ? "&" : "?";
    const answer = await fetch(
      `${field.dataset.typeahead}${joint}q=${encodeURIComponent(field.value)}`,
    ).catch(() => null);
    if (!answer?.ok || document.activeElement !== field) return;
    asked = field.value;
    const list = document.createElement("ul");
    list.innerHTML = await answer.text();
    shut(field);
    if (!list.children.length) return;
    Object.assign(list, { className: "suggestions", role: "listbox", id: `${field.id}-list` });
    [...list.children].forEach((option, index) => {
      option.id = `${field.id}-${index}`;
    });
    field.parentElement.append(list);
    field.setAttribute("aria-controls", list.id);
    field.setAttribute("aria-expanded", "true");
    // Enter came before the list: whoever is alone in it is meant.
    if (field.dataset.hurry && list.children.length === 1) take(field, list.children[0]);
    delete field.dataset.hurry;
  };
  const move = (field, step) => {
    const options = [...(box(field)?.children || [])];
    if (!options.length) return;
    const now = options.findIndex((option) => option.ariaSelected === "true");
    const next = options[(now + step + options.length) % options.length];
    options.forEach((option) => {
      option.ariaSelected = String(option === next);
    });
    field.setAttribute("aria-activedescendant", next.id);
    next.scrollIntoView({ block: "nearest" });
  };

  const typed = (field) => {
    if (!field.matches("[data-typeahead]")) return;
    clearTimeout(waiting);
    waiting = setTimeout(() => (field.value.trim().length > 1 ? look(field) : shut(field)), 180);
  };
  document.addEventListener("input", (event) => typed(event.target));
  document.addEventListener("keydown", (event) => {
    const field = event.target;
    if (!field.matches?.("[data-typeahead]")) return;
    // Where the first found is taken by Enter, Enter never sends the form.
    if (event.key === "Enter" && field.dataset.first && !event.ctrlKey && !event.metaKey) {
      event.preventDefault();
      const first =
        box(field)?.querySelector("[aria-selected=true]") ||
        (asked === field.value && box(field)?.firstElementChild);
      if (first) take(field, first);
      else if (field.value.trim().length > 1) {
        clearTimeout(waiting);
        field.dataset.hurry = "yes";
        look(field);
      }
      return;
    }
    if (!box(field)) return;
    const option = box(field).querySelector("[aria-selected=true]");
    if (event.key === "ArrowDown" || event.key === "ArrowUp") {
      event.preventDefault();
      move(field, event.key === "ArrowDown" ? 1 : -1);
    } else if (event.key === "Enter" && option && !event.ctrlKey) {
      event.preventDefault();
      take(field, option);
    } else if (event.key === "Escape") {
      event.stopPropagation();
      shut(field);
    }
  });
  document.addEventListener("mousedown", (event) => {
    const option = event.target.closest(".suggestions [role=option]");
    if (option) {
      event.preventDefault();
      take(option.closest(".typeahead").querySelector("input"), option);
    }
  });
  const enter = (field) => {
    if (!field.matches("[data-typeahead]")) return;
    field.setAttribute("role", "combobox");
    field.setAttribute("aria-autocomplete", "list");
    if (!box(field)) field.setAttribute("aria-expanded", "false");
  };
  document.addEventListener("focusin", (event) => enter(event.target));
  document.addEventListener(
    "focusout",
    (event) =>
      event.target.matches("[data-typeahead]") && setTimeout(() => shut(event.target), 120),
  );

  // On a slow line a field has the focus, and words in it, before this file has come: no event tells of them.
  const early = document.activeElement || document.body;
  enter(early);
  if (early.value !== early.defaultValue) typed(early);
})();
