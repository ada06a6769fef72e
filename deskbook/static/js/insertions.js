// Ready answers and articles put into what is written: found by typing them behind a / in the text itself, or, like
// people and tickets, in a field of their own (typeahead.js).
(() => {
  const field = (box) => box.querySelector("[data-typeahead]"),
    text = (box) => box.closest("form").querySelector("textarea");
  const HOLE = /\{[^{}\n]{1,40}\}/; // nothing was known to fill it with: it is typed over

  const put = (into, words, from) => {
    into.focus();
    into.setSelectionRange(from, into.selectionEnd);
    document.execCommand("insertText", false, words); // so that it can be undone as what is typed
    const hole = HOLE.exec(words);
    if (hole) into.setSelectionRange(from + hole.index, from + hole.index + hole[0].length);
  };
  const insert = async (box, option, from) => {
    const [, sort, number] = /^(answer|article):(\d+)$/.exec(option) || [];
    if (!sort) return;
    const into = text(box);
    const place = box.dataset.insert.replace(/article\/0$/, `${sort}/${number}`);
    const how = box.querySelector("select").value;
    const answer = await fetch(`${place}?as=${how}`).catch(() => null);
    if (!answer?.ok) return;
    const words = await answer.text();
    const before = into.value.slice(0, from);
    const gap = sort === "article" && before && !before.endsWith("\n") ? "\n\n" : "";
    put(into, sort === "article" ? `${gap}${words}\n` : words, from);
  };

  document.addEventListener("change", (event) => {
    const box = event.target.closest?.("[data-insert]");
    if (!box || event.target !== field(box) || !event.target.value.includes(":")) return;
    const option = event.target.value;
    field(box).value = "";
    box.open = false;
    insert(box, option, text(box).selectionStart);
  });
  document.addEventListener("keydown", (event) => {
    const box = event.key === "Escape" && event.target.closest?.("[data-insert][open]");
    if (box) {
      box.open = false;
      text(box).focus();
    }
  });
  // Opened, it offers at once what fits the subject.
  document.addEventListener(
    "toggle",
    (event) => {
      const box = event.target;
      if (!box.matches?.("[data-insert][open]") || field(box).value) return;
      field(box).value = box.dataset.about;
      field(box).select();
      field(box).dispatchEvent(new Event("input", { bubbles: true }));
    },
    true,
  );

  // Behind a / that begins a word, and in a note behind an @: a list, until the word ends, is taken or is left as it was
  // typed.
  const SLASH = /(?:^|\s)\/([^\s/]{0,40})$/;
  const AT = /(?:^|[\s(])@(\p{L}{1,40}(?: \p{L}{0,40})?)$/u;
  const names = (area) =>
    area.form.elements.act?.value === "note" && document.getElementById("palette").dataset.agents;
  let list, writing, waiting, left;
  const shut = () => {
    clearTimeout(waiting);
    list?.remove();
    for (const told of ["aria-activedescendant", "aria-controls"]) writing?.removeAttribute(told);
    list = writing = undefined;
  };
  const typed = (area) => {
    if (area.selectionStart !== area.selectionEnd) return false;
    const before = area.value.slice(0, area.selectionStart);
    const who = names(area) && AT.exec(before);
    const found = who || SLASH.exec(before);
    return found && { word: found[1], from: area.selectionStart - found[1].length - 1, who };
  };
  const choose = (option) => {
    if (!option) return;
    for (const one of list.children) one.ariaSelected = String(one === option);
    writing.setAttribute("aria-activedescendant", option.id);
    option.scrollIntoView({ block: "nearest" });
  };
  const look = async (area, box) => {
    const at = typed(area);
    if (!at || at.from === left) return shut();
    const source = at.who ? names(area) : field(box).dataset.typeahead;
    const place = `${source}?q=${encodeURIComponent(at.word)}`;
    const answer = await fetch(place).catch(() => null);
    const now = document.activeElement === area && typed(area);
    if (!answer?.ok || now?.from !== at.from || now.word !== at.word) return;
    const fresh = document.createElement("ul");
    fresh.innerHTML = await answer.text();
    shut();
    if (!fresh.children.length) return;
    const id = `${area.id || field(box).id}-ready`;
    Object.assign(fresh, { className: "suggestions ready", role: "listbox", id });
    fresh.ariaLabel = at.who ? "@" : field(box).labels[0].textContent;
    for (const [n, option] of [...fresh.children].entries()) option.id = `${id}-${n}`;
    [list, writing] = [fresh, area];
    area.after(list);
    area.setAttribute("aria-controls", id);
    choose(list.firstElementChild);
  };
  const take = (option) => {
    const [area, at] = [writing, typed(writing)];
    shut();
    left = at?.who ? at.from : left;
    if (at?.who) put(area, `@${option.firstElementChild.textContent} `, at.from);
    else if (at) insert(area.form.querySelector("[data-insert]"), option.dataset.value, at.from);
  };

  document.addEventListener("input", (event) => {
    const area = event.target;
    const box = area.matches("textarea") && area.form?.querySelector("[data-insert]");
    if (!box || text(box) !== area) return;
    const at = typed(area);
    if (at?.from !== left) left = undefined;
    clearTimeout(waiting);
    if (at && at.from !== left) waiting = setTimeout(() => look(area, box), 120);
    else shut();
  });
  // Before the page hears it: there Enter may send, and Escape leaves the text.
  addEventListener(
    "keydown",
    (event) => {
      if (!list || event.target !== writing || event.ctrlKey || event.metaKey) return;
      const options = [...list.children];
      const now = options.findIndex((one) => one.ariaSelected === "true");
      if (event.key === "ArrowDown") choose(options[(now + 1) % options.length]);
      else if (event.key === "ArrowUp") choose(options.at(now - 1));
      else if (event.key === "Enter" || event.key === "Tab") take(options[now]);
      else if (event.key === "Escape") {
        left = typed(writing)?.from;
        shut();
      } else return;
      event.preventDefault();
      event.stopImmediatePropagation();
    },
    true,
  );
  document.addEventListener("mousedown", (event) => {
    const option = event.target.closest(".suggestions.ready [role=option]");
    if (!option) return;
    event.preventDefault();
    take(option);
  });
  document.addEventListener("focusout", (event) => event.target === writing && shut());
})();
