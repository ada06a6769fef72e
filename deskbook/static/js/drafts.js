// What is being written survives a reload, a refusal and a change of machine: kept in this browser at once,
// on the server two seconds later. A draft goes when the server says its act was accepted (cookie `accepted`).
(() => {
  const place = document.body.dataset.drafts;
  const token = () => document.querySelector("[name=csrfmiddlewaretoken]")?.value || "";
  const shelf = (field) => `draft:${field.dataset.draft}`;
  let waiting;

  // What is chosen beside the text goes with it: a note that came back as an answer would be mailed to the customer.
  const CHOICES = ["act", "stage", "awaited_else"];
  const chosen = (field) => {
    const given = field.form ? new FormData(field.form) : new FormData();
    return Object.fromEntries(
      CHOICES.filter((name) => given.get(name)).map((name) => [name, given.get(name)]),
    );
  };
  const choose = (field, choices) =>
    CHOICES.forEach((name) => {
      const control = field.form?.elements[name];
      if (control && choices[name] !== undefined) control.value = choices[name];
    });

  const keep = (field) => {
    if (field.value)
      localStorage.setItem(shelf(field), JSON.stringify({ text: field.value, ...chosen(field) }));
    else localStorage.removeItem(shelf(field));
    if (!place) return;
    clearTimeout(waiting);
    waiting = setTimeout(() => send(field), 2000);
  };
  const send = (field) =>
    fetch(place, {
      method: "POST",
      keepalive: true,
      headers: { "X-CSRFToken": token() },
      body: new URLSearchParams({ ...chosen(field), key: field.dataset.draft, text: field.value }),
    })
      .then(async (answer) => {
        if (answer.ok) tell(field);
        else if (answer.status === 409) tell(field, await answer.text());
      })
      .catch(() => {});
  const tell = (field, why) => {
    const saved = field.form?.querySelector("[data-saved]");
    if (!saved) return;
    saved.dataset.words ??= saved.textContent;
    saved.textContent = why || saved.dataset.words;
    saved.hidden = false;
  };

  const drop = () => {
    const found = document.cookie.match(/(?:^|; )accepted=([^;]*)/);
    if (!found) return;
    const accepted = `draft:${decodeURIComponent(found[1].replace(/^"|"$/g, ""))}`;
    for (const key of Object.keys(localStorage))
      if (key === accepted || key.startsWith(`${accepted}/`)) localStorage.removeItem(key);
    document.cookie = "accepted=;path=/;max-age=0";
  };
  const read = (kept) => {
    try {
      const found = JSON.parse(kept || "{}");
      return typeof found === "object" && found ? found : { text: kept };
    } catch {
      return { text: kept }; // by a version that kept the words alone
    }
  };
  const restore = (field) => {
    const kept = read(localStorage.getItem(shelf(field)));
    if (!kept.text || field.value) return;
    field.value = kept.text;
    choose(field, kept);
    field.dispatchEvent(new Event("input", { bubbles: true }));
  };

  drop();
  document.querySelectorAll("[data-draft]").forEach(restore);
  document.addEventListener(
    "input",
    (event) => event.target.matches("[data-draft]") && keep(event.target),
  );
  document.addEventListener("change", (event) => {
    if (!CHOICES.includes(event.target.name)) return;
    const field = event.target.form?.querySelector("[data-draft]");
    if (field?.value) keep(field);
  });
  // Saved while its form is on the way, it could arrive after the act that ends it, and come back as if not sent.
  document.addEventListener("submit", () => clearTimeout(waiting));
  // Back to a page as it was left: what is kept nowhere any more was sent since, and would be sent once more.
  addEventListener("pageshow", (event) => {
    const fields = event.persisted ? [...document.querySelectorAll("[data-draft]")] : [];
    if (fields.some((field) => field.value && !localStorage.getItem(shelf(field))))
      location.reload();
  });
})();
