// The display of a site: last tokens called first; spoken where the browser can; says when the line is down.
(() => {
  const display = document.getElementById("display");
  const told = JSON.parse(display.dataset.told);
  const by = (id) => document.getElementById(id);
  const PACE = 8000,
    DOWN = 20000;
  const say = (text, parts) => text.replace(/%\((\w+)\)s/g, (_, name) => parts[name]);
  const both = (word, parts = {}) =>
    [...new Set(told.languages.map((code) => say(told.words[code][word], parts)))].join(" · ");
  const counter = (name, code) =>
    /^\d+$/.test(name) ? say(told.words[code].counter, { counter: name }) : name;

  let heard = performance.now(),
    sound = false,
    known = null;

  const draw = (state) => {
    const calls = state.calls.filter((call) => call.counter || call.now);
    const list = by("calls");
    list.replaceChildren(
      ...calls.map((call, number) => {
        const row = document.createElement("li");
        if (call.now) row.classList.add("now");
        if (number === 0 && known && known.get(call.code) !== call.at) row.classList.add("fresh");
        const code = row.appendChild(document.createElement("span"));
        code.textContent = call.code;
        const to = row.appendChild(document.createElement("span"));
        to.className = "to";
        to.textContent = counter(call.counter, told.languages[0]);
        return row;
      }),
    );
    by("nobody").hidden = calls.length > 0;
    by("nobody").textContent = state.open
      ? both("none")
      : [both("closed"), ...told.languages.map((code) => state.again?.[code])]
          .filter(Boolean)
          .join(" · ");
    by("waits").tBodies[0].replaceChildren(...state.services.map(service));
    by("phones").hidden = !state.qr;
    if (state.qr) {
      by("qr").innerHTML = state.qr;
      by("day-code").textContent = state.code;
    }
    const fresh = known ? calls.filter((call) => call.now && known.get(call.code) !== call.at) : [];
    known = new Map(calls.map((call) => [call.code, call.at]));
    fresh.reverse().forEach(speak);
  };

  const service = (one) => {
    const row = document.createElement("tr");
    const name = row.appendChild(document.createElement("th"));
    name.scope = "row";
    const titles = [...new Set(told.languages.map((code) => told.titles[one.key][code]))];
    name.textContent = titles[0];
    for (const title of titles.slice(1))
      name.appendChild(document.createElement("small")).textContent = title;
    const first = told.words[told.languages[0]];
    const cell = row.appendChild(document.createElement("td"));
    cell.textContent = !one.wait
      ? first.unknown
      : one.wait[0]
        ? say(first.between, { low: one.wait[0], high: one.wait[1] })
        : say(first.less, { high: one.wait[1] });
    cell.appendChild(document.createElement("small")).textContent = say(first.waiting, {
      count: one.waiting,
    });
    return row;
  };

  // One letter or digit at a time: "A 0 0 7" is understood where "A007" is not.
  const speak = (call) => {
    if (!sound || !("speechSynthesis" in window)) return;
    const voices = speechSynthesis.getVoices();
    for (const code of told.languages) {
      if (voices.length && !voices.some((voice) => voice.lang.toLowerCase().startsWith(code)))
        continue;
      const words = new SpeechSynthesisUtterance(
        say(told.words[code].call, {
          code: call.code.replaceAll("-", "").split("").join(" "),
          counter: counter(call.counter, code),
        }),
      );
      words.lang =
        { en: "en-IN", ml: "ml-IN", hi: "hi-IN", or: "or-IN", pt: "pt-PT" }[code] || code;
      words.rate = 0.9;
      speechSynthesis.speak(words);
    }
  };

  let asking = false;
  const ask = async () => {
    if (asking) return;
    asking = true;
    try {
      const answer = await fetch("state", { signal: AbortSignal.timeout(6000) });
      if (answer.ok) {
        draw(await answer.json());
        heard = performance.now();
      }
    } catch {
      /* the banner says so */
    } finally {
      asking = false;
      look();
    }
  };
  const look = () => {
    const down = performance.now() - heard > DOWN || !navigator.onLine;
    by("line").hidden = !down;
    by("line").textContent = down ? both("down") : "";
    by("clock").textContent = new Date().toLocaleTimeString(
      told.languages[0] === "pt" ? "pt" : "en-GB",
      { hour: "2-digit", minute: "2-digit", timeZone: told.zone },
    );
  };

  for (const part of document.querySelectorAll("[data-both]"))
    part.textContent = both(part.dataset.both);
  by("sound").addEventListener("click", () => {
    sound = true;
    by("sound").hidden = true;
    if ("speechSynthesis" in window) speechSynthesis.speak(new SpeechSynthesisUtterance(""));
  });
  draw(JSON.parse(display.dataset.state));
  look();
  new EventSource(display.dataset.live).addEventListener("changed", ask);
  setInterval(ask, PACE);
  setInterval(look, 1000);
  addEventListener("online", ask);
  addEventListener("offline", look);
})();
