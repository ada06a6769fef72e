// Around the answer box while somebody writes: who gets it, Markdown with how it will read, and files as they are added.
// All of it is asked for once somebody is in the box: most who open a ticket read it.
const box = () => document.getElementById("composer");
const text = () => box()?.elements.text;
const format = () => document.getElementById("format");
const preview = () => document.getElementById("preview");

// Whom the foot of the box names: once that is somebody else, what was asked for is asked for again.
const named = () => document.getElementById("to")?.textContent.trim();
let shown, asking, changing;
const ask = async () => {
  const [form, whom] = [box(), named()];
  const place = form.getAttribute("action").replace(/writing$/, "composing");
  const answer = await fetch(place + location.search).catch(() => null);
  if (!answer?.ok || box() !== form) return;
  const page = new DOMParser().parseFromString(await answer.text(), "text/html");
  for (const id of ["recipients", "format"]) {
    const fresh = page.getElementById(id);
    document.getElementById(id)?.replaceWith(fresh);
  }
  shown = whom;
};
const stand = () => {
  if (!asking) asking = ask().finally(() => (asking = undefined));
  return asking;
};
const isThere = () => preview() && shown === named();
document.addEventListener("focusin", ({ target }) => {
  if (target.closest("#composer") && !isThere()) stand();
});
// After a person was added or taken out, and when somebody else did it; never while a name is typed.
document.addEventListener("sent", async () => {
  shown = undefined;
  show(box().elements.files);
  if (!changing) return;
  changing = false;
  await stand();
  document.getElementById("copy-to")?.focus();
});
document.addEventListener("htmx:afterSettle", () => {
  const typed = document.getElementById("copy-to")?.value;
  if (preview() && !typed && shown !== undefined && shown !== named()) stand();
});
document.addEventListener("submit", ({ target }) => {
  changing = ["copies", "taking-out"].includes(target.id);
});
// Another ticket beside the list: its box holds its own files, and none of the one before.
document.addEventListener("shown", () => {
  shown = undefined;
  files = [...(box()?.elements.files?.files ?? [])];
});

// Markdown, written by execCommand so that it can be undone as what is typed.
const put = (words, from, to, caret = [words.length, words.length]) => {
  const into = text();
  into.focus();
  into.setSelectionRange(from, to);
  document.execCommand("insertText", false, words);
  into.setSelectionRange(from + caret[0], from + caret[1]);
};
const around = (mark, after = mark) => {
  const { selectionStart: from, selectionEnd: to, value } = text();
  const words = value.slice(from, to);
  put(mark + words + after, from, to, [mark.length, mark.length + words.length]);
};
const lines = (mark) => {
  const { selectionStart, selectionEnd: to, value } = text();
  const from = value.lastIndexOf("\n", selectionStart - 1) + 1;
  const words = value.slice(from, to).split("\n");
  put(words.map((line, n) => mark(n) + line).join("\n"), from, to);
};
const link = () => {
  const { selectionStart: from, selectionEnd: to, value } = text();
  const words = value.slice(from, to);
  const isAddress = /^(https?:\/\/|mailto:)\S+$/.test(words);
  const [said, where] = isAddress ? ["", words] : [words, "https://"];
  const caret = said ? [said.length + 3, said.length + 3 + where.length] : [1, 1];
  put(`[${said}](${where})`, from, to, caret);
};
const code = () => {
  const { selectionStart, selectionEnd, value } = text();
  const several = value.slice(selectionStart, selectionEnd).includes("\n");
  if (several) around("```\n", "\n```");
  else around("`");
};
const FORMATS = {
  bold: () => around("**"),
  italic: () => around("*"),
  list: () => lines(() => "- "),
  steps: () => lines((n) => `${n + 1}. `),
  link,
  code,
};

const read = async (how) => {
  const into = text();
  const body = new FormData();
  body.append("text", into.value);
  body.append("csrfmiddlewaretoken", box().elements.csrfmiddlewaretoken.value);
  if (box().elements.formatted.checked) body.append("formatted", "yes");
  const answer = how && (await fetch(format().dataset.preview, { method: "POST", body }));
  if (answer && !answer.ok) return;
  if (answer) preview().innerHTML = await answer.text();
  preview().hidden = !how;
  into.hidden = how;
  document.getElementById("preview-switch").ariaPressed = String(how);
  document.getElementById(how ? "preview-switch" : "text").focus();
};
const turn = () => read(preview().hidden).catch(() => {});

document.addEventListener("click", ({ target }) => {
  const chosen = target.closest("[data-format], #preview-switch, [data-away-file]");
  if (!chosen) return;
  if (chosen.dataset.format) {
    if (text().hidden) read(false);
    FORMATS[chosen.dataset.format]();
    box().elements.formatted.checked = true;
  } else if (chosen.id) turn();
  else takeAway(Number(chosen.dataset.awayFile));
});
document.addEventListener("keydown", (event) => {
  if (!event.target.closest?.("#composer") || !preview()) return;
  const ctrl = (event.ctrlKey || event.metaKey) && !event.altKey && !event.shiftKey;
  const by = { b: "bold", i: "italic" }[event.key];
  if (event.altKey && !event.ctrlKey && event.code === "KeyP") turn();
  else if (event.key === "Escape" && !preview().hidden) read(false);
  else if (ctrl && by && event.target === text()) FORMATS[by]();
  else return;
  event.preventDefault();
  event.stopPropagation();
});

// Files: chosen, pasted and dropped ones go along together, each shown and taken away again before it is sent.
let files = [];
const total = () => files.reduce((sum, file) => sum + file.size, 0);
const size = (bytes) =>
  bytes < 1_000_000 ? `${Math.ceil(bytes / 1000)} KB` : `${(bytes / 1_000_000).toFixed(1)} MB`;
const entry = (file, n) => {
  const line = document.createElement("li");
  line.className = "chip";
  if (/^image\/(png|jpe?g|gif|webp|bmp)$/.test(file.type)) {
    const picture = new Image();
    picture.alt = "";
    picture.src = URL.createObjectURL(file);
    picture.onload = picture.onerror = () => URL.revokeObjectURL(picture.src);
    line.append(picture);
  }
  const words = document.createElement("span");
  words.textContent = `${file.name} · ${size(file.size)}`;
  const away = document.createElement("button");
  Object.assign(away, { type: "button", textContent: "×" });
  away.ariaLabel = (format().dataset.away || "{name}").replace("{name}", file.name);
  away.title = away.ariaLabel;
  away.dataset.awayFile = n;
  line.append(words, away);
  return line;
};
const show = (input) => {
  files = [...input.files];
  const [place, list] = [document.getElementById("file-names"), document.createElement("ul")];
  list.append(...files.map(entry));
  place.replaceChildren(...(files.length ? [list] : []));
  const { most, together, limits } = format().dataset;
  if (!files.length || !limits) return;
  const said = document.createElement("p");
  const tooMuch = files.length > most || total() > together;
  Object.assign(said, { textContent: limits, className: tooMuch ? "error" : "faint" });
  if (tooMuch) said.role = "alert";
  place.append(said);
};
const go = async (all) => {
  const input = box().elements.files;
  const along = new DataTransfer();
  for (const file of all) along.items.add(file);
  input.files = along.files;
  files = [...along.files];
  if (!preview()) await stand();
  show(input);
};
const takeAway = async (n) => {
  await go(files.filter((_, at) => at !== n));
  const left = document.querySelectorAll("[data-away-file]");
  (left[Math.min(n, left.length - 1)] || text()).focus();
};
// What is pasted has the same name each time.
const apart = (fresh) => {
  const known = new Set(files.map((file) => file.name));
  return fresh.map((file) => {
    let [name, n] = [file.name || "picture.png", 1];
    while (known.has(name)) name = file.name.replace(/(\.\w+)?$/, `-${++n}$1`);
    known.add(name);
    return new File([file], name, { type: file.type });
  });
};
document.addEventListener("change", ({ target }) => {
  if (target.form === box() && target.name === "files" && box())
    go([...files, ...apart([...target.files])]);
});
document.addEventListener("paste", (event) => {
  const pasted = [...(event.clipboardData?.files || [])];
  // A program for text hands over a picture of it as well.
  if (!pasted.length || event.target !== text() || event.clipboardData.types.includes("text/plain"))
    return;
  event.preventDefault();
  go([...files, ...apart(pasted)]);
});
const holds = (event) =>
  event.target.closest?.("#composer") && event.dataTransfer?.types.includes("Files");
for (const on of ["dragenter", "dragover"])
  document.addEventListener(on, (event) => {
    if (!holds(event)) return;
    event.preventDefault();
    box().dataset.dropping = "";
  });
for (const off of ["dragleave", "drop"])
  document.addEventListener(off, () => delete box()?.dataset.dropping);
document.addEventListener("drop", (event) => {
  if (!holds(event)) return;
  event.preventDefault();
  go([...files, ...apart([...event.dataTransfer.files])]);
});
