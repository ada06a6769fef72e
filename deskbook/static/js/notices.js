// A notice of the browser, by the choice of who looks, in this browser alone: live.js shows it.
(() => {
  const button = document.getElementById("notices");
  if (!button || !("Notification" in window)) return;
  const on = button.textContent;
  const wanted = () =>
    localStorage.getItem("notices") === "yes" && Notification.permission === "granted";
  const show = () => {
    button.hidden = false;
    button.textContent = wanted() ? button.dataset.off : on;
    button.setAttribute("aria-pressed", String(wanted()));
  };
  button.addEventListener("click", async () => {
    if (wanted()) localStorage.removeItem("notices");
    else if ((await Notification.requestPermission()) === "granted")
      localStorage.setItem("notices", "yes");
    else button.after(button.dataset.blocked);
    show();
  });
  show();
})();
