// A token on a phone: keeps what it tells fresh, and makes itself felt when it is called.
(() => {
  const page = document.getElementById("token");
  const { words, state } = JSON.parse(page.dataset.told);
  const by = (id) => document.getElementById(id);
  const say = (text, parts) => text.replace(/%\((\w+)\)s/g, (_, name) => parts[name]);
  const PACE = 20000;
  let last = state,
    missed = 0,
    asking = 0;

  const draw = (fresh) => {
    // What changes more than numbers is drawn by the server, in its words.
    if (
      fresh.state !== last.state ||
      fresh.counter !== last.counter ||
      fresh.open !== last.open ||
      fresh.code !== last.code
    ) {
      if (fresh.state === "called") {
        sessionStorage.setItem("called", "1");
        navigator.vibrate?.([400, 200, 400, 200, 400]);
      }
      return location.reload();
    }
    last = fresh;
    if (!by("last")) return;
    by("last").textContent = fresh.last || words.none;
    by("place").textContent = fresh.place;
    by("wait").textContent = !fresh.wait
      ? words.unknown
      : fresh.wait[0]
        ? say(words.between, { low: fresh.wait[0], high: fresh.wait[1] })
        : say(words.less, { high: fresh.wait[1] });
  };

  const ask = async () => {
    if (asking) return;
    asking = 1;
    try {
      const answer = await fetch("now", { signal: AbortSignal.timeout(8000) });
      if (answer.ok) {
        missed = 0;
        draw(await answer.json());
      } else missed += 1;
    } catch {
      missed += 1;
    }
    asking = 0;
    by("down").hidden = missed < 2;
    by("down").textContent = missed < 2 ? "" : words.down;
  };
  // All phones hear of a call at once; they ask one after the other.
  const soon = () => setTimeout(ask, Math.random() * 1500);

  if (last.state === "called") {
    const title = document.title;
    let on = false;
    setInterval(() => {
      on = !on;
      document.title = on
        ? say(words.go, {
            counter: /^\d+$/.test(last.counter)
              ? say(words.counter, { counter: last.counter })
              : last.counter,
          })
        : title;
    }, 1200);
  }
  const print = document.querySelector("[data-print]");
  if (print) {
    print.hidden = false;
    print.addEventListener("click", () => window.print());
  }
  new EventSource(page.dataset.live).addEventListener("changed", soon);
  setInterval(ask, PACE);
  document.addEventListener("visibilitychange", () => document.hidden || ask());
})();
