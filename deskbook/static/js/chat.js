// The visitor's chat. What is written is kept on this device until the desk has it; a line sent twice is one line,
// by its key. The stream is read with fetch (the secret goes in a header); where none comes through, it asks.
import {
  at,
  atMostEvery,
  briefly,
  element,
  formOf,
  hearing,
  page,
  patiently,
  random,
  said,
  say,
  Talk,
  typing,
  wait,
} from "./talk.js";

const form = at("enter-form");
const desk = page.dataset.chat;
const visit = () => {
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
  let chat = kept(),
    state = { state: "waiting" },
    got = 0,
    read = 0,
    line;

  const ask = (path, options = {}) =>
    patiently(path, {
      ...options,
      credentials: "omit",
      headers: {
        "X-Chat-Secret": chat.secret,
        "Accept-Language": document.documentElement.lang,
        ...options.headers,
      },
    });
  const inLanguage = (data) => {
    data.append("language", document.documentElement.lang);
    return data;
  };
  const body = (given) => {
    const data = new FormData();
    Object.entries(given).forEach(([name, value]) => data.append(name, value));
    return inLanguage(data);
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
      hourCycle: "h23",
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
        const thanks = element("p", "notice tone-green", told.thanks);
        thanks.setAttribute("role", "status");
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
    for (const one of chat.waiting) talk.put(one.key, one.text, []);
    at("text").focus();
    hearing({ stream, poll, isDown, stopped: () => talk.stopped });
    talk.flush();
  };
  const author = (own, who) =>
    own ? element("span", "hidden-text", said.you) : element("span", "by", who || said.desk);
  const remember = () => {
    chat.waiting = [...talk.outbox]
      .filter(([, one]) => one.text)
      .map(([key, one]) => ({ key, text: one.text }));
    keep(chat);
  };
  const post = async (key, one, patience) => {
    const has = talk.last;
    const data = inLanguage(formOf(key, one));
    data.append("got", has);
    const answer = await ask(`${base}lines/`, { method: "POST", body: data, patience });
    if (answer.ok) got = Math.max(got, has);
    return answer;
  };
  const talk = new Talk({
    list: at("lines"),
    log: at("log"),
    own: "you",
    by: author,
    post,
    lost: said.failed,
    changed: remember,
    refused: (answer, told) => answer.status === 403 && over(told?.error),
  });
  const types = typing(at("typing"));
  const show = (one) => {
    if (talk.show(one) && one.by !== "you") types("");
    signal();
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
    talk.marks(state.read);
    if (ended) {
      types("");
      afterwards().then(() => talk.down());
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

  at("say").addEventListener("submit", (event) => {
    event.preventDefault();
    event.stopImmediatePropagation();
    talk.send(at("text").value);
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
  const typed = atMostEvery(3000, () =>
    ask(`${base}signals/`, { method: "POST", body: body({ typing: 1 }) }).catch(() => null),
  );
  at("text").addEventListener("input", () => {
    grow();
    if (state.state === "open") typed();
  });
  at("files").addEventListener("change", () => {
    for (const file of at("files").files) {
      if (!file.size) warn(say("empty", { name: file.name }));
      else if (file.size > page.dataset.largest)
        warn(say("large", { name: file.name, most: Math.round(page.dataset.largest / 2 ** 20) }));
      else talk.send("", [file]);
    }
    at("files").value = "";
  });
  const warn = (text) => briefly(at("line"), text);

  // --- what came is told once in a while: what this device has, and what was seen ---
  let telling;
  const signal = () => {
    telling ||= setTimeout(tell, 1200, {});
  };
  const tell = async (options) => {
    telling = 0;
    const heard = talk.last;
    const seen = document.hidden ? read : heard;
    if (heard <= got && seen <= read) return;
    const answer = await ask(`${base}signals/`, {
      method: "POST",
      body: body({ got: heard, read: seen }),
      ...options,
    }).catch(() => null);
    if (answer?.ok) {
      got = Math.max(got, heard);
      read = Math.max(read, seen);
    }
  };
  addEventListener("pagehide", () => {
    if (chat?.secret && talk.last > got) tell({ keepalive: true });
  });
  document.addEventListener("visibilitychange", () => {
    if (!document.hidden && chat && !at("chat").hidden) {
      signal();
      line?.abort();
    }
  });

  // --- hearing ---
  const hear = (name, what) => {
    if (name === "line") show(what);
    else if (name === "state") become(what);
    else if (name === "read") talk.marks(what.id);
    else if (name === "typing") types(say("typing", { who: state.operator || said.desk }));
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
    const unsent = [...[...talk.outbox.values()].map((one) => one.text), at("text").value.trim()]
      .filter(Boolean)
      .join("\n");
    forget();
    if (unsent) keep({ draft: unsent });
  };
  const over = (sentence) => {
    talk.stopped = true;
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
      const answer = await fetch(`${page.dataset.live}?after=${talk.last}`, {
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
    const answer = await ask(`${base}events/?after=${talk.last}`).catch(() => null);
    if (answer?.status === 403) {
      over();
      return false;
    }
    const told = answer?.ok ? await answer.json().catch(() => null) : null;
    if (!told) return false;
    up();
    told.lines.forEach(show);
    become(told.state);
    talk.flush();
    return true;
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
};
if (form) visit();
