// Putting an article into an answer: found like people and tickets are (typeahead.js), then written at the cursor.
(() => {
  const field = (box) => box.querySelector("[data-typeahead]"),
    text = (box) => box.closest("form").querySelector("textarea");
  const put = (into, words) => {
    const { selectionStart: at, value } = into;
    const before = value.slice(0, at),
      gap = before && !before.endsWith("\n") ? "\n\n" : "";
    into.setRangeText(`${gap}${words}\n`, at, into.selectionEnd, "end");
    into.dispatchEvent(new Event("input", { bubbles: true }));
    into.focus();
  };
  document.addEventListener("change", async (event) => {
    const box = event.target.closest?.("[data-insert]");
    const found = box && event.target === field(box) && /^article:(\d+)$/.exec(event.target.value);
    if (!found) return;
    const how = box.querySelector("select").value;
    const answer = await fetch(
      `${box.dataset.insert.replace("/0/", `/${found[1]}/`)}?as=${how}`,
    ).catch(() => null);
    if (!answer?.ok) return;
    field(box).value = "";
    box.open = false;
    put(text(box), await answer.text());
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
})();
