// Keyboard first. A key clicks or focuses whatever carries it: data-key="r", data-key="g m".
// j and k walk the rows, o or Enter opens, Ctrl+Enter sends the form one is writing in.
(() => {
  let leader = "";
  const rows = () => [...document.querySelectorAll(".row")].filter((row) => row.checkVisibility());
  const chosen = () => document.querySelector(".row.chosen");
  const choose = (row) => {
    if (!row) return;
    chosen()?.classList.remove("chosen");
    row.classList.add("chosen");
    row.querySelector("a").focus({ preventScroll: true });
    row.scrollIntoView({ block: "nearest" });
    sessionStorage.setItem("row", row.id);
  };
  // Looked at from the list: beside it where both stand, else in a dialog over it.
  const peek = () => import(document.getElementById("part").dataset.script);
  const look = async (row) => {
    const asked = new CustomEvent("look", { detail: row, cancelable: true });
    if (document.dispatchEvent(asked))
      (await peek()).open(document.getElementById("part"), { row, walk, chosen });
  };
  // Chosen to do something on several: by x, by a click on the severity, with Shift all up to a row.
  const many = () => document.querySelector("[data-many]");
  const mayPick = (node) =>
    many() && chosen() && (node.closest(".row") || !document.getElementById("timeline"));
  const pick = async (row, upTo = false) => {
    (await import(many().dataset.script)).pick(row, { upTo });
  };
  document.addEventListener("click", (event) => {
    const row = many() && event.target.closest(".row");
    if (!row || !(event.shiftKey || event.target.closest(".sev"))) return;
    event.preventDefault();
    choose(row);
    pick(row, event.shiftKey);
  });
  const looksFrom = (node) =>
    chosen() && innerWidth >= 768 && (node === document.body || node.matches(".row a"));
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
    } else if (target.matches("input, textarea, select")) enter(target);
    else if (target.matches("summary")) {
      for (let fold = target.parentElement; fold; fold = fold.parentElement.closest("details"))
        fold.open = true;
      target.parentElement.scrollIntoView({ block: "nearest" });
      enter(firstOf(target.parentElement));
    } else target.click();
  };
  // What is opened is entered: its first act, its first field, or where nothing is asked its button.
  const firstOf = (opened) =>
    opened.querySelector(":scope > .fact > summary") ||
    opened.querySelector(":is(select, textarea, input:not([type=hidden]))") ||
    opened.querySelector("form button");
  // A name that stands there is replaced by the one that is typed.
  const enter = (field) => {
    field?.focus();
    if (field?.matches("[data-typeahead]")) field.select();
  };

  const builtin = {
    j: () => walk(1),
    k: () => walk(-1),
    o: () => chosen()?.querySelector("a").click(),
  };

  // From the instant something is sent until the page that comes can have been seen no key is a command: neither of the
  // page that goes nor of the one that comes. What is typed meanwhile waits for the box there. Which act it is says its
  // first key, as ever; without one it comes as a note, which is mailed to nobody. It is sent by a Ctrl+Enter there.
  const SEEN = 300;
  let ahead = sessionStorage.getItem("ahead");
  let deaf = ahead !== null;
  let hearing;
  sessionStorage.removeItem("ahead");
  const leaving = () => "leaving" in document.documentElement.dataset;
  const hearAgain = (after) => {
    clearTimeout(hearing);
    hearing = setTimeout(() => {
      deaf = false;
    }, after);
  };
  const typeAhead = (event) => {
    const command = (event.ctrlKey || event.metaKey) && !event.getModifierState("AltGraph");
    if (event.key === "Backspace") ahead = (ahead || "").slice(0, -1);
    else if (event.key === "Enter") ahead = `${ahead || ""}${command ? "" : "\n"}`;
    else if (event.key.length === 1 && !command) ahead = `${ahead || ""}${event.key}`;
    else return;
    event.preventDefault();
    if (document.readyState !== "loading" && !leaving()) {
      place();
      if (boxOfPage()) hearAgain(2 * SEEN); // they may be in the middle of a word
    }
  };
  const boxOfPage = () => document.querySelector(".composer [name=text]");
  const place = () => {
    const [typed, box] = [ahead, boxOfPage()];
    ahead = "";
    if (!typed || !box) return;
    const acts = [...box.form.elements.act];
    const named = acts.find((act) => act.dataset.key === typed[0]);
    const words = named ? typed.slice(1) : typed;
    const mixed = box.value && !named?.checked;
    press(named && !mixed ? named : acts.find((act) => act.value === "note"));
    box.setSelectionRange(box.value.length, box.value.length);
    if (words) document.execCommand("insertText", false, `${box.value && "\n\n"}${words}`);
  };
  addEventListener("pagehide", () => {
    if (leaving() || ahead) sessionStorage.setItem("ahead", ahead || "");
  });
  addEventListener("sent", place); // after the document's own: its fields may be typed into again
  addEventListener("pageshow", (event) => {
    if (!event.persisted) return;
    ahead = sessionStorage.getItem("ahead");
    sessionStorage.removeItem("ahead");
    setTimeout(place);
  });

  document.addEventListener("keydown", (event) => {
    if (leaving() || (deaf && !event.target.closest("body *"))) return typeAhead(event);
    if (event.key === "Enter" && (event.ctrlKey || event.metaKey)) {
      const form = event.target.closest("form");
      if (form) {
        event.preventDefault();
        form.requestSubmit();
      }
      return;
    }
    if (
      event.key === "k" &&
      (event.ctrlKey || event.metaKey) &&
      !document.querySelector("dialog[open]")
    ) {
      event.preventDefault();
      return palette();
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
    if (event.key === "x" && mayPick(event.target)) {
      event.preventDefault();
      return pick(chosen());
    }
    if (event.key === " ") {
      if (!looksFrom(event.target)) return;
      event.preventDefault();
      return look(chosen());
    }
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
    } else if (!event.repeat) sayWhyNot(key);
  });

  // A key of the help that does nothing here says why, once, in the words of the help.
  const sayWhyNot = (key) => {
    const help = document.querySelector("#keys .shortcuts");
    const known = [...(help?.querySelectorAll("kbd") || [])].find(
      (one) => one.textContent === key && key.length === 1,
    );
    if (!known) return;
    const { elsewhere, nothing, over, notNow } = help.dataset;
    const onTicket = document.getElementById("timeline");
    let why = notNow;
    if (key === "z") why = nothing;
    else if (!onTicket) why = elsewhere;
    else if (boxOfPage()?.form.dataset.over) why = over;
    const said = document.createElement("div");
    said.className = "toast";
    said.dataset.why = "";
    said.textContent = why
      .replace("{what}", known.previousElementSibling.textContent)
      .replace("{key}", key);
    document.querySelector(".toast[data-why]")?.remove();
    document.getElementById("toasts").append(said);
    setTimeout(() => said.remove(), 5000);
  };

  const palette = async () => {
    const dialog = document.getElementById("palette");
    // Shown at once: what is typed before its script has come would be commands of the page.
    dialog.querySelector("input").value = "";
    dialog.showModal();
    (await import(dialog.dataset.script)).open(dialog, press);
  };
  document.addEventListener(
    "click",
    (event) => event.target.closest("[data-palette]") && palette(),
  );

  const leave = (node) => {
    const open = node.closest("details[open]:is(.fact, #more-acts)");
    if (open) {
      open.open = false;
      open.querySelector("summary").focus();
    } else if (writing(node)) node.blur();
  };

  const remember = () => {
    const row = document.getElementById(sessionStorage.getItem("row") || "") || rows()[0];
    if (row && !chosen()) row.classList.add("chosen");
  };
  const comeBack = async () => {
    const [row, [how]] = [chosen(), performance.getEntriesByType("navigation")];
    const came = how?.type === "back_forward" || document.referrer.includes("/tickets/");
    if (came && row?.id === sessionStorage.getItem("row") && !document.getElementById("timeline"))
      (await peek()).comeBack(row);
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
  // Read before the page is there, so that no key is missed; what it needs of the page waits.
  document.addEventListener("DOMContentLoaded", () => {
    remember();
    comeBack();
    document.querySelector(".rail a[aria-current]")?.scrollIntoView({ block: "nearest" });
    place();
    hearAgain(SEEN);
  });
})();
