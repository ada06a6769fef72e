// Keeps <time data-countdown> and <time data-ago> true. Words come from the server in the viewer's language.
(() => {
  const words = JSON.parse(document.documentElement.dataset.words || "{}");
  const spoken = (seconds) => {
    const parts = [];
    for (const [unit, size] of [
      ["d", 86400],
      ["h", 3600],
      ["min", 60],
    ]) {
      const count = Math.floor(seconds / size);
      seconds -= count * size;
      if (parts.length || count) parts.push(count ? `${count} ${words[unit]}` : "");
      if (parts.length === 2) break;
    }
    return parts.filter(Boolean).join(" ") || `0 ${words.min}`;
  };
  const phrase = (form, seconds) => words[form].replace("%(span)s", spoken(seconds));
  const tell = (time) => {
    const ahead = (Date.parse(time.dateTime) - Date.now()) / 1000;
    const ago = "ago" in time.dataset;
    if (Math.abs(ahead) < 60) return words.now;
    return ago ? phrase("ago", -ahead) : ahead > 0 ? phrase("in", ahead) : phrase("late", -ahead);
  };
  const tick = () => {
    for (const time of document.querySelectorAll("time[data-countdown], time[data-ago]")) {
      const text = tell(time);
      if (time.textContent !== text) time.textContent = text;
      const chip = time.closest(".due, .next-due");
      if ("countdown" in time.dataset && chip && Date.parse(time.dateTime) < Date.now())
        chip.classList.add("late");
    }
  };
  setInterval(tick, 15000);
  document.addEventListener("visibilitychange", () => document.hidden || tick());
})();
