// A kiosk: gives tokens, goes on for ten minutes when the line is down, and settles afterwards.
// Its own clock decides nothing: it is told to the server at every contact, which corrects what was taken by it.
(() => {
  const kiosk = document.getElementById("kiosk");
  const told = JSON.parse(kiosk.dataset.told);
  const by = (id) => document.getElementById(id);
  const PACE = 5000,
    PATIENCE = 4000,
    BACK = 20000,
    TAP = 1200;

  // Monotonic while the page lives; the wall clock only where it starts.
  const origin = Date.now() - performance.now();
  const clock = () => Math.round(origin + performance.now());

  // What must outlive a reload: tokens not told yet, the count, the last contact.
  const place = `kiosk ${location.pathname}`;
  const kept = {
    given: [],
    seq: 0,
    count: 0,
    day: "",
    contact: null,
    state: null,
    ...JSON.parse(localStorage.getItem(place) || "{}"),
  };
  const keep = () => localStorage.setItem(place, JSON.stringify(kept));

  let language = told.languages[0],
    tapped = -TAP,
    resting,
    revoked = false,
    shown = null;
  const words = () => told.words[language];
  const say = (text, parts) => text.replace(/%\((\w+)\)s/g, (_, name) => parts[name]);
  const waiting = (wait) =>
    !wait
      ? words().unknown
      : wait[0]
        ? say(words().between, { low: wait[0], high: wait[1] })
        : say(words().less, { high: wait[1] });

  const ask = async (what, body) => {
    const answer = await fetch(what, {
      method: "POST",
      body: JSON.stringify(body),
      signal: AbortSignal.timeout(PATIENCE),
      headers: { "Content-Type": "application/json", "X-Kiosk": "1" },
    });
    if (answer.status >= 500) throw new Error("no use");
    return { status: answer.status, ...(await answer.json()) };
  };

  const down = () => !kept.contact || clock() - kept.contact.clock > 3 * PACE;
  const stopped = () =>
    !kept.contact || clock() - kept.contact.clock > told.patience || clock() < kept.contact.clock;
  const serverNow = () => clock() - kept.contact.ahead;
  const open = () =>
    kept.state?.open && (!kept.state.closes || !kept.contact || serverNow() < kept.state.closes);

  let talking = false;
  const contact = async () => {
    if (talking || revoked) return;
    talking = true;
    const given = kept.given.slice();
    try {
      const answer = await ask("contact", { clock: clock(), given });
      if (answer.status === 403) {
        revoked = true;
        return draw();
      }
      if (answer.status !== 200) return;
      const settled = new Set(answer.settled);
      kept.given = kept.given.filter((one) => !settled.has(one.key));
      kept.seq = Math.max(kept.seq, answer.seq);
      kept.count = answer.day === kept.day ? Math.max(kept.count, answer.count) : answer.count;
      kept.day = answer.day;
      const now = clock();
      kept.contact = { clock: now, ahead: now - answer.at };
      kept.state = {
        open: answer.open,
        closes: answer.closes,
        again: answer.again,
        services: answer.services,
        qr: answer.qr,
        code: answer.code,
      };
      keep();
    } catch {
      /* the line is down: draw() says so in time */
    } finally {
      talking = false;
      draw();
    }
  };

  const take = async (service) => {
    if (performance.now() - tapped < TAP || shown) return;
    tapped = performance.now();
    const key = crypto.randomUUID().replaceAll("-", "");
    if (!down() && !kept.given.length) {
      try {
        const answer = await ask("tokens", { key, service, language });
        if (answer.status === 200) return show(service, answer);
        if (answer.status === 403) {
          revoked = true;
          return draw();
        }
        if (answer.sentence) return refuse(answer.sentence);
        return refuse(words().failed);
      } catch {
        /* the same key goes on as a token of our own: taken twice it is one */
      }
    }
    provisional(key, service);
  };

  const provisional = (key, service) => {
    if (stopped()) return draw();
    if (!open()) return draw();
    const letter = told.services.find((one) => one.key === service).letter;
    kept.seq += 1;
    kept.count += 1;
    const code = `${letter}${told.number}-${String(kept.count).padStart(2, "0")}`;
    kept.given.push({ key, service, code, seq: kept.seq, clock: clock(), language });
    keep();
    show(service, { code, wait: null, own: true });
  };

  const show = (service, token) => {
    shown = { service, token, at: new Date(kept.contact ? serverNow() : Date.now()) };
    clearTimeout(resting);
    resting = setTimeout(rest, BACK);
    draw();
    by("done").focus({ preventScroll: true });
    if (told.prints) print();
  };
  const rest = () => {
    clearTimeout(resting);
    shown = null;
    speak(told.languages[0]);
  };
  let refused = "";
  const refuse = (sentence) => {
    refused = sentence;
    draw();
    setTimeout(() => {
      refused = "";
      draw();
    }, 6000);
  };

  const speak = (code) => {
    language = code;
    document.documentElement.lang = code;
    for (const button of document.querySelectorAll("[data-language]")) {
      button.setAttribute("aria-pressed", String(button.dataset.language === code));
      button.disabled = false; // until here a tap would have been lost
    }
    draw();
  };

  const draw = () => {
    for (const part of document.querySelectorAll("[data-say]"))
      part.textContent = words()[part.dataset.say];
    const isDown = down(),
      isShut = shut();
    by("line").hidden = !(isDown && !isShut) && !refused;
    by("line").textContent = refused || words().offline;
    by("choosing").hidden = !!shown || !!isShut;
    by("taken").hidden = !shown;
    by("shut").hidden = !!shown || !isShut;
    by("why").textContent = isShut;
    by("foot").hidden = !!shown || !!isShut || isDown || !kept.state?.qr;
    if (kept.state?.qr) {
      by("phone-qr").innerHTML = kept.state.qr;
      by("day-code").textContent = kept.state.code;
    }
    if (shown) drawToken();
    else drawServices();
  };
  const shut = () => {
    if (revoked) return words().revoked;
    if (!kept.contact)
      return started + 3 * PACE < performance.now()
        ? words().stopped
        : told.state.open
          ? words().moment
          : closed(told.state);
    if (stopped()) return words().stopped;
    return open() ? "" : closed(kept.state);
  };
  const closed = (state) => [words().closed, state.again?.[language]].filter(Boolean).join(" · ");
  const drawServices = () => {
    const list = by("services");
    told.services.forEach((service, number) => {
      let button = list.children[number]?.firstChild;
      if (!button) {
        button = list
          .appendChild(document.createElement("li"))
          .appendChild(document.createElement("button"));
        button.type = "button";
        button.innerHTML =
          '<span class="letter" aria-hidden="true"></span><span class="name"><span></span><span class="about"></span></span>';
        button.addEventListener("click", () => take(service.key));
      }
      const queue = down() ? null : kept.state?.services?.find((one) => one.key === service.key);
      button.querySelector(".letter").textContent = service.letter;
      button.querySelector(".name > span").textContent = service.titles[language];
      button.querySelector(".about").textContent = queue
        ? `${say(words().waiting, { count: queue.waiting })} · ${waiting(queue.wait)}`
        : "";
    });
  };
  const drawToken = () => {
    const { service, token, at } = shown;
    by("code").textContent = token.code;
    by("service").textContent = told.services.find((one) => one.key === service).titles[language];
    by("estimate").textContent = token.own
      ? ""
      : [
          token.place && say(words().place, { place: token.place }),
          token.place && waiting(token.wait),
        ]
          .filter(Boolean)
          .join(" · ");
    by("keep").hidden = !token.own;
    by("follow").hidden = !token.qr;
    if (token.qr) by("qr").innerHTML = token.qr;
    by("when").textContent = at.toLocaleString(language, {
      dateStyle: "medium",
      timeStyle: "short",
      timeZone: told.zone,
    });
  };

  document.querySelector(".languages").addEventListener("click", (event) => {
    const button = event.target.closest("[data-language]");
    if (button) speak(button.dataset.language);
  });
  by("done").addEventListener("click", rest);
  by("print").addEventListener("click", () => print());
  const started = performance.now();
  // The page that registers the worker came before it: the worker is told what to keep.
  const parts = () => [
    location.pathname,
    ...performance
      .getEntriesByType("resource")
      .map((part) => part.name)
      .filter((name) => name.includes("/static/")),
  ];
  if ("serviceWorker" in navigator) {
    navigator.serviceWorker.register(kiosk.dataset.worker, { scope: "/kiosk/" }).catch(() => {});
    navigator.serviceWorker.ready
      .then((worker) => worker.active.postMessage(parts()))
      .catch(() => {});
  }
  addEventListener("online", contact);
  setInterval(contact, PACE);
  speak(language);
  contact();
})();
