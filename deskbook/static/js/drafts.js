// What is being written survives a reload, a refusal and a change of machine: kept in this browser at once,
// on the server two seconds later. A draft goes when the server says its act was accepted (cookie `accepted`).
(() => {
  const place = document.body.dataset.drafts;
  const token = () => document.querySelector("[name=csrfmiddlewaretoken]")?.value || "";
  const shelf = (field) => `draft:${field.dataset.draft}`;
  const waiting = new Map();

  // What is chosen beside the text goes with it: a note that came back as an answer would be mailed to the customer.
  const CHOICES = ["act", "stage", "awaited_else", "base"];
  const ALWAYS = ["act", "base"]; // has a value, whatever was chosen
  const chosen = (field) => {
    const given = field.form ? new FormData(field.form) : new FormData();
    return Object.fromEntries(
      CHOICES.filter((name) => given.get(name)).map((name) => [name, given.get(name)]),
    );
  };
  const choose = (field, choices) =>
    CHOICES.forEach((name) => {
      const control = field.form?.elements[name];
      if (control && (choices[name] || !ALWAYS.includes(name))) control.value = choices[name] || "";
    });

  // Which texts the server was handed, each as a number: what it shows later is one of them, or was typed elsewhere.
  const MOST_KNOWN = 50;
  const mark = (text) => {
    let number = text.length;
    for (let at = 0; at < text.length; at++) number = (number * 31 + text.charCodeAt(at)) | 0;
    return number;
  };
  const read = (key) => {
    const kept = localStorage.getItem(key);
    try {
      const found = JSON.parse(kept || "{}");
      return typeof found === "object" && found ? found : { text: kept };
    } catch {
      return { text: kept }; // by a version that kept the words alone
    }
  };
  const write = (key, kept) => localStorage.setItem(key, JSON.stringify(kept));
  const note = (key, more) => {
    const kept = read(key);
    if (kept.known) write(key, { ...kept, ...more(kept) });
  };

  const keep = (field) => {
    const known = [...(read(shelf(field)).known || []), mark(field.defaultValue)];
    write(shelf(field), {
      text: field.value,
      ...chosen(field),
      known: [...new Set(known)].slice(-MOST_KNOWN),
    });
    clearTimeout(waiting.get(field));
    waiting.set(
      field,
      setTimeout(() => send(field), 2000),
    );
  };
  const send = (field) => {
    const [key, handed] = [shelf(field), mark(field.value)];
    note(key, (kept) => ({ known: [...kept.known, handed] }));
    fetch(place, {
      method: "POST",
      keepalive: true,
      headers: { "X-CSRFToken": token() },
      body: new URLSearchParams({ ...chosen(field), key: field.dataset.draft, text: field.value }),
    })
      .then(async (answer) => {
        if (answer.ok) {
          note(key, () => ({ saved: handed }));
          tell(field);
        } else if (answer.status === 409) tell(field, await answer.text());
      })
      .catch(() => {});
  };
  const tell = (field, why) => {
    const saved = field.form?.querySelector("[data-saved]");
    if (!saved) return;
    saved.dataset.words ??= saved.textContent;
    saved.textContent = why || saved.dataset.words;
    saved.hidden = false;
  };

  // What was typed at the place since it was sent, here or in another window, was not sent and stays.
  const drop = () => {
    const found = document.cookie.match(/(?:^|; )accepted=([^;]*)/);
    if (!found) return;
    const accepted = `draft:${decodeURIComponent(found[1].replace(/^"|"$/g, ""))}`;
    for (const key of Object.keys(localStorage))
      if ((key === accepted || key.startsWith(`${accepted}/`)) && read(key).sent)
        localStorage.removeItem(key);
    document.cookie = "accepted=;path=/;max-age=0";
  };

  // The server's text goes on as what was typed here since; where it was typed on elsewhere as well, both stay.
  const restore = (field) => {
    const [kept, came] = [read(shelf(field)), field.value];
    if (kept.text === undefined || kept.text === came) return;
    if (came && !kept.known?.includes(mark(came)) && !(kept.text && kept.text.startsWith(came))) {
      if (!kept.text || !kept.known || kept.saved === mark(kept.text)) return;
      if (field.matches("textarea")) {
        if (kept.act !== chosen(field).act) kept.act = "note"; // it is mailed to nobody
        kept.text = `${came}\n\n${kept.text}`;
      }
    }
    field.value = kept.text;
    choose(field, kept);
    field.dispatchEvent(new Event("input", { bubbles: true }));
    keep(field); // on the server as well, though nobody types on
  };

  drop();
  document.querySelectorAll("[data-draft]").forEach(restore);
  document.addEventListener("sent", drop);
  document.addEventListener("shown", () =>
    document.querySelectorAll("#detail [data-draft]").forEach(restore),
  );
  document.addEventListener(
    "input",
    (event) => event.target.matches("[data-draft]") && keep(event.target),
  );
  document.addEventListener("change", (event) => {
    if (!CHOICES.includes(event.target.name)) return;
    const field = event.target.form?.querySelector("[data-draft]");
    if (field?.value) keep(field);
  });
  document.addEventListener("submit", (event) => {
    // Saved while its form is on the way, it could arrive after the act that ends it, and come back as if not sent.
    waiting.forEach(clearTimeout);
    for (const field of event.target.querySelectorAll("[data-draft]"))
      note(shelf(field), () => ({ sent: true }));
  });
  // Back to a page as it was left: what is kept nowhere any more was sent since, and would be sent once more.
  addEventListener("pageshow", (event) => {
    const fields = event.persisted ? [...document.querySelectorAll("[data-draft]")] : [];
    if (fields.some((field) => field.value && !localStorage.getItem(shelf(field))))
      location.reload();
  });
})();
