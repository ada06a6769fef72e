// Says who else is on this ticket, and tells them we are. A ping each 20 s; silence for 45 s is absence.
(() => {
  const list = () => document.getElementById("presence");
  const box = () => document.querySelector(".composer textarea");
  const token = () => document.querySelector("[name=csrfmiddlewaretoken]").value;
  let before = "";

  const state = () => (box()?.value.trim() ? "answering" : "reading");
  const ping = () => {
    if (document.hidden || !list()) return;
    before = state();
    fetch(list().dataset.ping, {
      method: "POST",
      headers: { "X-CSRFToken": token() },
      body: new URLSearchParams({ state: before }),
    }).catch(() => {});
  };
  document.addEventListener("presence", (event) => {
    const others = event.detail.filter((who) => String(who.id) !== list()?.dataset.me);
    list()?.replaceChildren(...others.map(face), ...words(others));
  });
  const face = (who) => {
    const node = document.createElement("span");
    node.className = `avatar hue-${who.hue}`;
    node.title = who.name;
    node.textContent = who.initials;
    return node;
  };
  const words = (others) =>
    others.length
      ? [
          Object.assign(document.createElement("span"), {
            className: "typing",
            textContent: others.map((who) => who.says).join(" · "),
          }),
        ]
      : [];
  document.addEventListener(
    "input",
    (event) => event.target === box() && state() !== before && ping(),
  );
  document.addEventListener("shown", ping);
  setInterval(ping, 20000);
  ping();
})();
