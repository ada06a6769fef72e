// The visitor's chat. What is written is kept on this device until the desk has it; a line sent twice is one line,
// by its key. The stream is read with fetch (the secret goes in a header); where none comes through, it asks.
(() => {
  const page = document.body,
    form = document.getElementById("enter-form");
  if (!form) return;
  const at = (id) => document.getElementById(id),
    said = JSON.parse(page.dataset.said),
    desk = page.dataset.chat;
  const say = (name, parts = {}) => said[name].replace(/\{(\w+)\}/g, (_, part) => parts[part]);
  const base = `/chat/${desk}/`,
    place = `chat ${desk}`,
    memory = {};
  const keep = (what) => {
    memory.kept = what;
    try {
      localStorage.setItem(place, JSON.stringify(what));
    } catch {
      /* a frame without storage: for this visit */
    }
  };
  const kept = () => {
    try {
      return JSON.parse(localStorage.getItem(place)) || memory.kept || null;
    } catch {
      return memory.kept || null;
    }
  };
  const forget = () => {
    memory.kept = null;
    try {
      localStorage.removeItem(place);
    } catch {
      /* nothing was kept */
    }
  };
  const random = (bytes) =>
    [...crypto.getRandomValues(new Uint8Array(bytes))]
      .map((byte) => byte.toString(16).padStart(2, "0"))
      .join("");
  const wait = (ms) => new Promise((done) => setTimeout(done, ms));

  let chat = kept(),
    last = 0,
    state = { state: "waiting" },
    got = 0,
    read = 0,
    stopped = false,
    line,
    typingUntil = 0;
  const outbox = new Map(); // key → { text, files, node }; texts also in what is kept
  const shown = new Map(); // id of a line → its node

  const ask = async (path, options = {}) => {
    const limit = new AbortController(),
      timer = setTimeout(() => limit.abort(), options.patience || 20000);
    try {
      return await fetch(path, {
        ...options,
        signal: limit.signal,
        credentials: "omit",
        headers: {
          "X-Chat-Secret": chat.secret,
          "Accept-Language": document.documentElement.lang,
          ...options.headers,
        },
      });
    } finally {
      clearTimeout(timer);
    }
  };
  const body = (given) => {
    const data = new FormData();
    Object.entries(given).forEach(([name, value]) => data.append(name, value));
    data.append("language", document.documentElement.lang);
    return data;
  };

  // --- beginning ---
  form.elements.zone.value = Intl.DateTimeFormat().resolvedOptions().timeZone || "";
  const opens = at("opens");
  if (opens)
    opens.textContent = new Intl.DateTimeFormat(document.documentElement.lang, {
      weekday: "short",
      day: "numeric",
      month: "short",
      hour: "2-digit",
      minute: "2-digit",
      timeZoneName: "short",
    }).format(new Date(opens.dateTime));
  const wrong = (told) => {
    for (const box of form.querySelectorAll(".error")) {
      const field = box.closest(".field").querySelector("input, textarea"),
        error = (told.errors || {})[field.name] || "";
      box.hidden = !error;
      box.querySelector("span").textContent = error;
      field.toggleAttribute("aria-invalid", false);
      if (error) field.setAttribute("aria-invalid", "true");
    }
    at("refusal").hidden = !told.error;
    at("refusal").querySelector("p").textContent = told.error || "";
    (form.querySelector("[aria-invalid='true']") || at("refusal")).focus?.();
  };
  form.addEventListener(
    "submit",
    async (event) => {
      event.preventDefault();
      event.stopImmediatePropagation();
      const button = form.querySelector("button[type=submit]");
      if (button.disabled) return;
      button.disabled = true;
      const trial = form.dataset.secret || (form.dataset.secret = random(32)),
        data = new FormData(form);
      data.append("secret", trial);
      let told = null;
      for (let turn = 0; turn < 4 && !told; turn++) {
        if (turn) await wait(1500 * turn);
        const answer = await fetch(location.pathname, {
          method: "POST",
          body: data,
          credentials: "omit",
          headers: { Accept: "application/json" },
        }).catch(() => null);
        told = answer && (await answer.json().catch(() => null));
      }
      button.disabled = false;
      if (told?.chat) return begin({ secret: trial, waiting: [] });
      if (told?.left) {
        const thanks = document.createElement("p");
        thanks.className = "notice tone-green";
        thanks.setAttribute("role", "status");
        thanks.textContent = told.thanks;
        at("enter").replaceChildren(thanks);
        return;
      }
      wrong(told || { error: said.failed });
    },
    true,
  );

  // --- the chat ---
  const begin = (known) => {
    chat = known;
    keep(chat);
    at("enter").hidden = true;
    at("chat").hidden = false;
    page.classList.add("chatting");
    for (const one of chat.waiting) put(one.key, one.text, []);
    at("text").focus();
    run();
    flush();
  };
  const near = () => {
    const log = at("log");
    return log.scrollHeight - log.scrollTop - log.clientHeight < 80;
  };
  const down = () => {
    at("log").scrollTop = at("log").scrollHeight;
  };
  const words = (text) => {
    const node = document.createElement("span");
    node.className = "words";
    text.split(/(https?:\/\/[^\s<>"]+)/).forEach((part, odd) => {
      if (!(odd % 2)) return node.append(part);
      const link = document.createElement("a");
      Object.assign(link, {
        href: part,
        textContent: part,
        target: "_blank",
        rel: "noopener noreferrer nofollow",
      });
      node.append(link);
    });
    return node;
  };
  const size = (bytes) =>
    bytes < 1e6 ? `${Math.max(1, Math.round(bytes / 1000))} kB` : `${(bytes / 1e6).toFixed(1)} MB`;
  const bubble = (own, who, text, files) => {
    const node = document.createElement("li"),
      by = document.createElement("span"),
      mark = document.createElement("span");
    node.className = own ? "bubble own" : "bubble";
    by.className = own ? "hidden-text" : "by";
    by.textContent = own ? said.you : who || said.desk;
    mark.className = "mark";
    node.append(by);
    if (text) node.append(words(text));
    for (const file of files) {
      const link = document.createElement(file.url ? "a" : "span");
      link.className = "file";
      link.textContent = `${file.name} (${size(file.size)})`;
      if (file.url) Object.assign(link, { href: file.url, target: "_blank", rel: "noopener" });
      node.append(link);
    }
    node.append(mark);
    return node;
  };
  const marked = (node, text) => {
    node.querySelector(".mark").replaceChildren(text);
  };
  const clock = (iso) =>
    new Intl.DateTimeFormat(document.documentElement.lang, {
      hour: "2-digit",
      minute: "2-digit",
    }).format(new Date(iso));

  // Only what is heard moves `last`: between it and the number of one's own line may be answers still on their way.
  const show = (one, heard = true) => {
    if (heard) last = Math.max(last, one.id);
    if (shown.has(one.id)) return;
    const follow = near(),
      own = one.by === "you",
      pending = own && outbox.get(one.key);
    if (pending) done(one.key);
    const node = bubble(own, one.who, one.text, one.files);
    node.dataset.at = clock(one.at);
    if (own) node.dataset.own = one.id;
    const next = Math.min(...[...shown.keys()].filter((id) => id > one.id));
    at("lines").insertBefore(node, shown.get(next) || at("lines").querySelector(".waits, .failed"));
    shown.set(one.id, node);
    marked(node, node.dataset.at);
    if (!own) {
      typingUntil = 0;
      at("typing").textContent = "";
    }
    reads();
    if (follow || own) down();
    signal();
  };
  const reads = () => {
    const own = [...shown.keys()].filter(
        (id) => shown.get(id).dataset.own && id <= (state.read || 0),
      ),
      seen = Math.max(0, ...own);
    for (const [id, node] of shown)
      if (node.dataset.own)
        marked(
          node,
          [node.dataset.at, id === seen ? said.read : id < seen ? "" : said.sent]
            .filter(Boolean)
            .join(" · "),
        );
  };
  const where = () => {
    const parts = { who: state.operator || said.desk, place: state.place, number: state.number };
    const lines = [];
    if (state.state === "open") lines.push(say("here", parts));
    else if (state.state === "waiting") {
      lines.push(state.place === 1 ? said.next : state.place ? say("place", parts) : said.queued);
      if (!state.operators) lines.push(said.nobody);
      else if (state.waits) {
        const [short, long] = state.waits.map((s) => Math.ceil(s / 60));
        lines.push(say(short < long ? "waited" : "waited_little", { short, long }));
      }
    } else lines.push(say(`ended_${state.ended_by || "gone"}`, parts));
    const text = lines.join(" ");
    if (at("where").textContent !== text) at("where").textContent = text;
    at("end").hidden = state.state === "ended";
    at("after").hidden = state.state !== "ended";
  };
  const become = (told) => {
    const ended = told.state === "ended" && state.state !== "ended";
    state = told;
    where();
    reads();
    if (ended) {
      at("typing").textContent = "";
      afterwards().then(down);
    }
  };
  const afterwards = async () => {
    const told = await ask(`${base}afterwards/`)
      .then((answer) => answer.json())
      .catch(() => null);
    if (!told?.copy) return;
    at("copy").href = told.copy;
    at("rate").hidden = !told.rating;
    if (told.rating) Object.assign(at("rate"), { href: told.rating, target: "_blank" });
    at("after-said").textContent = say("case", told);
  };

  // --- sending: one after the other, each until it has an answer ---
  const put = (key, text, files) => {
    const node = bubble(
      true,
      "",
      text,
      files.map((file) => ({ name: file.name, size: file.size })),
    );
    node.classList.add("waits");
    marked(node, said.sending);
    at("lines").append(node);
    outbox.set(key, { text, files, node });
    down();
  };
  const remember = () => {
    chat.waiting = [...outbox]
      .filter(([, one]) => one.text)
      .map(([key, one]) => ({ key, text: one.text }));
    keep(chat);
  };
  const done = (key) => {
    outbox.get(key)?.node.remove();
    outbox.delete(key);
    remember();
  };
  const sending = {};
  const flush = () => {
    empty(false);
    empty(true);
  };
  const empty = async (files) => {
    // words do not wait behind a file
    if (sending[files]) return;
    sending[files] = true;
    for (let turn = 0; !stopped; ) {
      const next = [...outbox].find(
        ([, one]) => !one.refused && Boolean(one.files.length) === files,
      );
      if (!next) break;
      const [key, one] = next;
      const has = last,
        data = body({ key, text: one.text, got: has });
      one.files.forEach((file) => data.append("files", file, file.name));
      marked(
        one.node,
        one.files.length ? say("uploading", { name: one.files[0].name }) : said.sending,
      );
      const answer = await ask(`${base}lines/`, {
        method: "POST",
        body: data,
        patience: one.files.length ? 600000 : 20000,
      }).catch(() => null);
      const told = answer && (await answer.json().catch(() => null));
      if (answer?.ok && told) {
        turn = 0;
        got = Math.max(got, has);
        if (outbox.has(key))
          show(
            told.line || {
              id: told.id,
              by: "you",
              who: "",
              at: new Date().toISOString(),
              text: one.text,
              key,
              files: [],
            },
            false,
          );
      } else if (answer && answer.status < 500 && answer.status !== 408) {
        one.refused = true;
        fault(key, one, told?.error || said.failed);
        if (answer.status === 403) over(told?.error);
      } else {
        marked(one.node, said.waits);
        await Promise.race([
          wait(Math.min(1000 * 2 ** turn++, 15000)),
          new Promise((back) => addEventListener("online", back, { once: true })),
        ]);
      }
    }
    sending[files] = false;
  };
  const fault = (key, one, sentence) => {
    one.node.classList.add("failed");
    const told = document.createElement("span"),
      again = document.createElement("button");
    told.className = "fault";
    told.textContent = sentence;
    Object.assign(again, { type: "button", className: "button quiet", textContent: said.again });
    again.onclick = () => {
      one.node.classList.remove("failed");
      one.refused = false;
      flush();
    };
    one.node.querySelector(".mark").replaceChildren(told, again);
  };
  const send = (text, files) => {
    if (!text.trim() && !files.length) return;
    put(random(16), text.trim(), files);
    remember();
    flush();
  };
  at("say").addEventListener("submit", (event) => {
    event.preventDefault();
    event.stopImmediatePropagation();
    send(at("text").value, []);
    at("text").value = "";
    grow();
    at("text").focus();
  });
  at("text").addEventListener("keydown", (event) => {
    if (
      event.key === "Enter" &&
      !event.shiftKey &&
      !event.isComposing &&
      matchMedia("(pointer: fine)").matches
    ) {
      event.preventDefault();
      at("say").requestSubmit();
    }
  });
  const grow = () => {
    at("text").style.height = "auto";
    at("text").style.height = `${Math.min(at("text").scrollHeight + 2, innerHeight * 0.3)}px`;
  };
  let typed = 0;
  at("text").addEventListener("input", () => {
    grow();
    if (state.state !== "open" || Date.now() - typed < 3000) return;
    typed = Date.now();
    ask(`${base}signals/`, { method: "POST", body: body({ typing: 1 }) }).catch(() => null);
  });
  at("files").addEventListener("change", () => {
    for (const file of at("files").files) {
      if (!file.size) warn(say("empty", { name: file.name }));
      else if (file.size > page.dataset.largest)
        warn(say("large", { name: file.name, most: Math.round(page.dataset.largest / 2 ** 20) }));
      else send("", [file]);
    }
    at("files").value = "";
  });
  const warn = (text) => {
    at("line").hidden = false;
    at("line").textContent = text;
    setTimeout(() => {
      if (at("line").textContent === text) at("line").hidden = true;
    }, 8000);
  };

  // --- what came is told once in a while: what this device has, and what was seen ---
  let telling;
  const signal = () => {
    telling ||= setTimeout(tell, 1200, {});
  };
  const tell = async (options) => {
    telling = 0;
    const seen = document.hidden ? read : last;
    if (last <= got && seen <= read) return;
    const answer = await ask(`${base}signals/`, {
      method: "POST",
      body: body({ got: last, read: seen }),
      ...options,
    }).catch(() => null);
    if (answer?.ok) {
      got = Math.max(got, last);
      read = Math.max(read, seen);
    }
  };
  addEventListener("pagehide", () => {
    if (chat?.secret && last > got) tell({ keepalive: true });
  });
  document.addEventListener("visibilitychange", () => {
    if (!document.hidden && chat && !at("chat").hidden) {
      signal();
      line?.abort();
    }
  });

  // --- hearing: a stream; where it fails twice, asking; and now and then the stream again ---
  const hear = (name, what) => {
    if (name === "line") show(what);
    else if (name === "state") become(what);
    else if (name === "read") {
      state.read = Math.max(state.read || 0, what.id);
      reads();
    } else if (name === "typing") {
      at("typing").textContent = say("typing", { who: state.operator || said.desk });
      typingUntil = Date.now() + 5000;
      setTimeout(() => {
        if (Date.now() >= typingUntil) at("typing").textContent = "";
      }, 5100);
    }
  };
  const up = () => {
    at("line").hidden = true;
  };
  const isDown = () => {
    at("line").hidden = false;
    at("line").textContent = said.lost;
  };
  const leave = () => {
    // what was not sent is the beginning of the next chat
    const unsent = [...[...outbox.values()].map((one) => one.text), at("text").value.trim()]
      .filter(Boolean)
      .join("\n");
    forget();
    if (unsent) keep({ draft: unsent });
  };
  const over = (sentence) => {
    stopped = true;
    leave();
    at("say").hidden = true;
    at("line").hidden = false;
    at("line").textContent = sentence || said.closed;
    at("after").hidden = false;
    at("copy").hidden = true;
    at("end").hidden = true;
  };

  const stream = async () => {
    line = new AbortController();
    let quiet = setTimeout(() => line.abort(), 20000);
    try {
      const answer = await fetch(`${page.dataset.live}?after=${last}`, {
        signal: line.signal,
        credentials: "omit",
        cache: "no-store",
        headers: { "X-Chat-Secret": chat.secret },
      });
      if (answer.status === 403) {
        over();
        return true;
      }
      if (!answer.ok || !answer.body) return false;
      const reader = answer.body.getReader(),
        decoder = new TextDecoder();
      let rest = "",
        heard = false;
      for (;;) {
        const { value, done: ended } = await reader.read();
        if (ended) return heard;
        heard = true;
        up();
        clearTimeout(quiet);
        quiet = setTimeout(() => line.abort(), 35000);
        rest += decoder.decode(value, { stream: true });
        const events = rest.split("\n\n");
        rest = events.pop();
        for (const event of events) {
          const name = event.match(/^event: (.*)$/m),
            data = event.match(/^data: (.*)$/m);
          if (name && data) hear(name[1], JSON.parse(data[1]));
        }
      }
    } catch {
      return false;
    } finally {
      clearTimeout(quiet);
    }
  };
  const poll = async () => {
    const answer = await ask(`${base}events/?after=${last}`).catch(() => null);
    if (answer?.status === 403) {
      over();
      return false;
    }
    const told = answer?.ok ? await answer.json().catch(() => null) : null;
    if (!told) return false;
    up();
    told.lines.forEach((one) => show(one));
    become(told.state);
    return true;
  };
  const run = async () => {
    for (let failed = 0; !stopped; ) {
      if (failed < 2) {
        failed = (await stream()) ? 0 : failed + 1;
        if (!failed) {
          await wait(200 + Math.random() * 800);
          continue;
        }
      }
      if (stopped) return;
      if (await poll()) {
        flush();
        failed = (failed + 1) % 12;
        await wait(document.hidden ? 8000 : 3000);
      } else {
        isDown();
        await Promise.race([
          wait(Math.min(1000 * 2 ** failed, 15000) * (0.5 + Math.random())),
          new Promise((back) => addEventListener("online", back, { once: true })),
        ]);
        failed = Math.min(failed + 1, 5);
      }
    }
  };

  at("end").addEventListener("click", async () => {
    if (!confirm(said.end)) return;
    const told = await ask(`${base}end/`, { method: "POST", body: body({}) }).catch(() => null);
    if (!told?.ok) return warn(said.failed);
    become({ ...state, state: "ended", ended_by: "visitor" });
  });
  at("anew").addEventListener("click", () => {
    leave();
    location.reload();
  });
  if (chat?.secret) begin({ waiting: [], ...chat });
  else if (chat?.draft && !at("f-text").value.trim()) at("f-text").value = chat.draft;
})();
