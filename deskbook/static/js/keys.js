// Keyboard first. A key clicks or focuses whatever carries it: data-key="r", data-key="g m".
// j and k walk the rows, o or Enter opens, Ctrl+Enter sends the form one is writing in.
(() => {
  let leader = "";
  const rows = () => [...document.querySelectorAll(".row")];
  const chosen = () => document.querySelector(".row.chosen");
  const choose = (row) => {
    if (!row) return;
    chosen()?.classList.remove("chosen");
    row.classList.add("chosen");
    row.querySelector("a").focus({ preventScroll: true });
    row.scrollIntoView({ block: "nearest" });
    sessionStorage.setItem("row", row.id);
  };
  const walk = (step) => {
    const all = rows();
    choose(all[Math.min(all.length - 1, Math.max(0, all.indexOf(chosen()) + step))]);
  };
  const writing = (node) =>
    node.matches("textarea, select, [contenteditable]") ||
    (node.matches("input") && !["radio", "checkbox", "button"].includes(node.type));

  const press = (target) => {
    if (target.matches("input[type=radio]")) {
      target.checked = true;
      target.dispatchEvent(new Event("change", { bubbles: true }));
      document.querySelector(target.dataset.then)?.focus();
    } else if (target.matches("input, textarea, select")) target.focus();
    else if (target.matches("summary")) {
      target.parentElement.open = true;
      target.scrollIntoView({ block: "nearest" });
      target.parentElement
        .querySelector("form :is(select, textarea, input:not([type=hidden]))")
        ?.focus();
    } else target.click();
  };

  const builtin = {
    j: () => walk(1),
    k: () => walk(-1),
    o: () => chosen()?.querySelector("a").click(),
  };

  document.addEventListener("keydown", (event) => {
    if (event.key === "Enter" && (event.ctrlKey || event.metaKey)) {
      const form = event.target.closest("form");
      if (form) {
        event.preventDefault();
        form.requestSubmit();
      }
      return;
    }
    if (event.key === "Escape") return leave(event.target);
    if (
      event.ctrlKey ||
      event.metaKey ||
      event.altKey ||
      writing(event.target) ||
      document.querySelector("dialog[open]")
    )
      return;
    if (event.key === "Enter" && event.target === document.body && chosen()) return builtin.o();
    const key = leader ? `${leader} ${event.key}` : event.key;
    leader = "";
    if (event.key === "g" && key === "g") {
      leader = "g";
      setTimeout(() => {
        leader = "";
      }, 1200);
      return;
    }
    const target = [...document.querySelectorAll(`[data-key="${CSS.escape(key)}"]`)].at(-1);
    const act = target ? () => press(target) : builtin[key];
    if (act) {
      event.preventDefault();
      act();
    }
  });

  const leave = (node) => {
    const open = node.closest("details[open].fact");
    if (open) {
      open.open = false;
      open.querySelector("summary").focus();
    } else if (writing(node)) node.blur();
  };

  const remember = () => {
    const row = document.getElementById(sessionStorage.getItem("row") || "") || rows()[0];
    if (row && !chosen()) row.classList.add("chosen");
  };
  document.addEventListener("htmx:afterSettle", remember);
  document.addEventListener("focusin", (event) => {
    const row = event.target.closest(".row");
    if (row && row !== chosen()) {
      chosen()?.classList.remove("chosen");
      row.classList.add("chosen");
      sessionStorage.setItem("row", row.id);
    }
  });
  remember();
  document.querySelector(".rail a[aria-current]")?.scrollIntoView({ block: "nearest" });
})();
