// While a case is written, articles that may help are looked up and shown beside it. Nothing is taken from the writer.
// `data-apart`: for who is not signed in here, whatever else this browser is signed in to.
(() => {
  const place = document.querySelector("[data-suggest]");
  const fields = () =>
    ["subject", "text"]
      .map((name) => document.querySelector(`form [name=${name}]`))
      .filter(Boolean);
  const how =
    place && "apart" in place.dataset
      ? { credentials: "omit", headers: { "Accept-Language": document.documentElement.lang } }
      : {};
  let waiting,
    asked = "";

  const look = async () => {
    const words = fields()
      .map((field) => field.value.slice(0, 250))
      .join(" ")
      .trim();
    if (words === asked) return;
    asked = words;
    const joint = place.dataset.suggest.includes("?") ? "&" : "?";
    const answer =
      words.length > 3
        ? await fetch(`${place.dataset.suggest}${joint}q=${encodeURIComponent(words)}`, how).catch(
            () => null,
          )
        : null;
    if (words !== asked || (answer && !answer.ok)) return;
    const found = answer ? await answer.text() : "";
    place.innerHTML = found;
    place.hidden = !found.trim();
  };
  if (place) {
    document.addEventListener("input", (event) => {
      if (!fields().includes(event.target)) return;
      clearTimeout(waiting);
      waiting = setTimeout(look, 500);
    });
    look();
  }
})();
