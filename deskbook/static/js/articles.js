// Putting an article into an answer: found like people and tickets are (typeahead.js), then written at the cursor.
(() => {
  const field = () => document.getElementById("article");
  const put = (text, words) => {
    const { selectionStart: at, value } = text;
    const before = value.slice(0, at), gap = before && !before.endsWith("\n") ? "\n\n" : "";
    text.setRangeText(`${gap}${words}\n`, at, text.selectionEnd, "end");
    text.dispatchEvent(new Event("input", { bubbles: true }));
    text.focus();
  };
  document.addEventListener("change", async (event) => {
    const found = event.target === field() && /^article:(\d+)$/.exec(event.target.value);
    if (!found) return;
    const box = event.target.closest("[data-insert]");
    const how = box.querySelector("select").value;
    const answer = await fetch(`${box.dataset.insert.replace("/0/", `/${found[1]}/`)}?as=${how}`).catch(() => null);
    if (!answer?.ok) return;
    field().value = "";
    box.open = false;
    put(document.getElementById("text"), await answer.text());
  });
  document.addEventListener("keydown", (event) => {
    const box = event.key === "Escape" && event.target.closest?.("[data-insert][open]");
    if (box) { box.open = false; document.getElementById("text").focus(); }
  });
  // Opened, it offers at once what fits the subject.
  document.addEventListener("toggle", (event) => {
    if (!event.target.matches?.("[data-insert][open]") || field().value) return;
    field().value = event.target.dataset.about;
    field().select();
    field().dispatchEvent(new Event("input", { bubbles: true }));
  }, true);
})();
