// What is being written survives a reload, a refusal and a change of machine: kept in this browser at once,
// on the server two seconds later. A draft goes when the server says its act was accepted (cookie `accepted`).
(() => {
  const place = document.body.dataset.drafts;
  const token = () => document.querySelector("[name=csrfmiddlewaretoken]")?.value || "";
  const shelf = (field) => `draft:${field.dataset.draft}`;
  let waiting;

  const keep = (field) => {
    if (field.value) localStorage.setItem(shelf(field), field.value);
    else localStorage.removeItem(shelf(field));
    if (!place) return;
    clearTimeout(waiting);
    waiting = setTimeout(() => send(field), 2000);
  };
  const send = (field) => fetch(place, {
    method: "POST", keepalive: true, headers: { "X-CSRFToken": token() },
    body: new URLSearchParams({ key: field.dataset.draft, text: field.value }),
  }).then((answer) => answer.ok && tell(field)).catch(() => {});
  const tell = (field) => {
    const saved = field.form?.querySelector("[data-saved]");
    if (saved) saved.hidden = false;
  };

  const drop = () => {
    const found = document.cookie.match(/(?:^|; )accepted=([^;]*)/);
    if (!found) return;
    const accepted = `draft:${decodeURIComponent(found[1].replace(/^"|"$/g, ""))}`;
    for (const key of Object.keys(localStorage)) if (key === accepted || key.startsWith(`${accepted}/`)) localStorage.removeItem(key);
    document.cookie = "accepted=;path=/;max-age=0";
  };
  const restore = (field) => {
    const text = localStorage.getItem(shelf(field));
    if (text && !field.value) { field.value = text; field.dispatchEvent(new Event("input", { bubbles: true })); }
  };

  drop();
  document.querySelectorAll("[data-draft]").forEach(restore);
  document.addEventListener("input", (event) => event.target.matches("[data-draft]") && keep(event.target));
})();
