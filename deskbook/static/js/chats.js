// The operators' chats. One stream tells all of them; where none comes through, it asks. A line sent twice is one
// line, by its key; what has no answer yet is sent again.
(() => {
  const page = document.body;
  if (!page.dataset.chats) return;
  const at = (id) => document.getElementById(id),
    said = JSON.parse(page.dataset.said),
    me = Number(page.dataset.me);
  const say = (name, parts = {}) => said[name].replace(/\{(\w+)\}/g, (_, part) => parts[part]);
  const random = () =>
    [...crypto.getRandomValues(new Uint8Array(16))]
      .map((byte) => byte.toString(16).padStart(2, "0"))
      .join("");
  const wait = (ms) => new Promise((done) => setTimeout(done, ms));
  const chats = new Map(); // id → { node, log, lines, last, read, unread, state, outbox, … }
  const away = new Set(JSON.parse(sessionStorage.getItem("chats put away") || "[]"));
  const dot = at("live");
  let current = 0,
    queue = [],
    order = [];

  const post = (path, given = {}, patience = 20000) => {
    const data = given instanceof FormData ? given : new FormData(),
      limit = new AbortController(),
      timer = setTimeout(() => limit.abort(), patience);
    if (data !== given) Object.entries(given).forEach(([name, value]) => data.append(name, value));
    return fetch(`/console/chats/${path}`, {
      method: "POST",
      body: data,
      signal: limit.signal,
      headers: JSON.parse(document.body.getAttribute("hx-headers")),
    }).finally(() => clearTimeout(timer));
  };
  const refused = (text) => {
    at("refused").hidden = !text;
    at("refused").textContent = text || "";
    if (text)
      setTimeout(() => {
        if (at("refused").textContent === text) at("refused").hidden = true;
      }, 8000);
  };
  const act = async (path, given) => {
    const answer = await post(path, given).catch(() => null),
      told = answer?.status === 204 ? {} : await answer?.json().catch(() => null);
    refused(told?.error || (answer?.ok ? "" : said.lost));
    return answer?.ok ? told : null;
  };

  // --- what is said ---
  const element = (name, className, text = "") => {
    const node = document.createElement(name);
    node.className = className;
    node.textContent = text;
    return node;
  };
  const words = (text) => {
    const node = element("span", "words");
    text.split(/(https?:\/\/[^\s<>"]+)/).forEach((part, odd) => {
      if (!(odd % 2)) return node.append(part);
      node.append(
        Object.assign(element("a", "", part), {
          href: part,
          target: "_blank",
          rel: "noopener noreferrer",
        }),
      );
    });
    return node;
  };
  const size = (bytes) =>
    bytes < 1e6 ? `${Math.max(1, Math.round(bytes / 1000))} kB` : `${(bytes / 1e6).toFixed(1)} MB`;
  const bubble = (own, who, text, files) => {
    const node = element("li", own ? "own" : "");
    node.append(element("span", "by", who));
    if (text) node.append(words(text));
    for (const file of files)
      node.append(
        Object.assign(
          element(file.url ? "a" : "span", "file", `${file.name} (${size(file.size)})`),
          file.url ? { href: file.url, target: "_blank" } : {},
        ),
      );
    node.append(element("span", "mark"));
    return node;
  };
  const clock = (iso) =>
    new Intl.DateTimeFormat(document.documentElement.lang, {
      hour: "2-digit",
      minute: "2-digit",
    }).format(new Date(iso));
  const mark = (node, text) => {
    node.querySelector(".mark").textContent = text;
  };
  const near = (log) => log.scrollHeight - log.scrollTop - log.clientHeight < 80;

  // Only what is heard moves `last`: between it and the number of an answer may be lines still on their way.
  const show = (line, heard = true) => {
    const chat = chats.get(line.chat);
    if (chat && heard) chat.last = Math.max(chat.last, line.id);
    if (!chat || chat.lines.has(line.id)) return;
    const own = line.by === "desk",
      follow = near(chat.log);
    chat.outbox.get(line.key)?.node.remove();
    chat.outbox.delete(line.key);
    const node = bubble(own, line.who || said.you, line.text, line.files);
    node.dataset.at = clock(line.at);
    if (own) node.dataset.own = line.id;
    const next = Math.min(...[...chat.lines.keys()].filter((id) => id > line.id));
    chat.list.insertBefore(
      node,
      chat.lines.get(next) || chat.list.querySelector(".waits, .failed"),
    );
    chat.lines.set(line.id, node);
    mark(node, node.dataset.at);
    if (own || follow) chat.log.scrollTop = chat.log.scrollHeight;
    if (!own) {
      chat.typing.textContent = "";
      if (line.id > chat.state.own_read) {
        chat.unread.add(line.id);
        ring(say("new_line", { who: line.who }));
      }
    }
    reads(chat);
    seen(chat);
    tabs();
  };
  const reads = (chat) => {
    const own = [...chat.lines].filter(([id, node]) => node.dataset.own && id <= chat.state.read),
      lastRead = Math.max(0, ...own.map(([id]) => id));
    for (const [id, node] of chat.lines)
      if (node.dataset.own)
        mark(node, id === lastRead ? `${node.dataset.at} · ${said.read}` : node.dataset.at);
  };
  const seen = (chat) => {
    if (document.hidden || chat.id !== current || !chat.unread.size) return;
    clearTimeout(chat.telling);
    chat.telling = setTimeout(async () => {
      const upTo = chat.last;
      const answer = await post(`${chat.id}/signals`, { read: upTo }).catch(() => null);
      if (answer?.ok) {
        chat.state.own_read = Math.max(chat.state.own_read, upTo);
        [...chat.unread].filter((id) => id <= upTo).forEach((id) => chat.unread.delete(id));
        tabs();
      }
    }, 600);
  };

  // --- sending ---
  const put = (chat, text, files) => {
    const key = random(),
      node = bubble(
        true,
        said.you,
        text,
        files.map((file) => ({ name: file.name, size: file.size })),
      );
    node.classList.add("waits");
    mark(node, said.sending);
    chat.list.append(node);
    chat.log.scrollTop = chat.log.scrollHeight;
    chat.outbox.set(key, { text, files, node });
    flush(chat);
  };
  const flush = async (chat) => {
    if (chat.sending) return;
    chat.sending = true;
    for (let turn = 0; ; ) {
      const next = [...chat.outbox].find(([, one]) => !one.refused);
      if (!next) break;
      const [key, one] = next,
        data = new FormData();
      data.append("key", key);
      data.append("text", one.text);
      one.files.forEach((file) => data.append("files", file, file.name));
      const answer = await post(`${chat.id}/lines`, data, one.files.length ? 600000 : 20000).catch(
          () => null,
        ),
        told = answer && (await answer.json().catch(() => null));
      if (answer?.ok && told) {
        turn = 0;
        if (chat.outbox.has(key))
          show(
            told.line || {
              chat: chat.id,
              id: told.id,
              by: "desk",
              who: said.you,
              at: new Date().toISOString(),
              text: one.text,
              key,
              files: [],
            },
            false,
          );
      } else if (answer && answer.status < 500 && answer.status !== 408) {
        one.refused = true;
        one.node.classList.add("failed");
        const again = Object.assign(element("button", "button quiet", said.again), {
          type: "button",
          onclick: () => {
            one.refused = false;
            one.node.classList.remove("failed");
            mark(one.node, said.sending);
            flush(chat);
          },
        });
        one.node
          .querySelector(".mark")
          .replaceChildren(element("span", "fault", told?.error || said.waits), again);
      } else {
        mark(one.node, said.waits);
        await wait(Math.min(1000 * 2 ** turn++, 15000));
      }
    }
    chat.sending = false;
  };

  // --- panes ---
  const made = (state) => {
    const node = at("pane").content.firstElementChild.cloneNode(true),
      part = (name) => node.querySelector(name);
    const chat = {
      id: state.id,
      node,
      log: part(".pane-log"),
      list: part("ol"),
      typing: part(".pane-typing"),
      box: part("textarea"),
      lines: new Map(),
      unread: new Set(),
      outbox: new Map(),
      last: 0,
      state,
    };
    node.id = `chat-${state.id}`;
    node.setAttribute("aria-label", say("chat", { who: state.name }));
    part("h2").textContent = state.name;
    Object.assign(part(".number"), {
      textContent: state.number,
      href: `/console/tickets/${state.number}`,
      title: said.open,
    });
    part(".about").textContent = state.subject;
    chat.log.setAttribute("aria-label", say("chat", { who: state.name }));
    chat.box.setAttribute("aria-label", say("answer", { who: state.name }));
    chat.box.placeholder = say("answer", { who: state.name });
    const insert = part(".insert"),
      field = part("[data-typeahead]");
    Object.assign(insert.dataset, {
      insert: insert.dataset.insert.replace("NUMBER", state.number),
      about: state.subject,
    });
    Object.assign(field.dataset, {
      typeahead: field.dataset.typeahead.replace("NUMBER", state.number),
      first: "yes",
    });
    part(".insert label").htmlFor = field.id = `article-${state.id}`;
    part(".pass").onclick = () => passing(chat);
    part(".end").onclick = () => finish(chat);
    part("form").onsubmit = (event) => {
      event.preventDefault();
      event.stopImmediatePropagation();
      if (chat.box.value.trim()) put(chat, chat.box.value.trim(), []);
      chat.box.value = "";
    };
    part("input[type=file]").onchange = (event) => {
      for (const file of event.target.files) put(chat, "", [file]);
      event.target.value = "";
    };
    chat.box.onkeydown = (event) => {
      if (event.key === "Enter" && !event.shiftKey && !event.ctrlKey && !event.isComposing) {
        event.preventDefault();
        part("form").requestSubmit();
      }
    };
    let told = 0;
    chat.box.oninput = () => {
      if (Date.now() - told > 3000 && chat.state.state === "open") {
        told = Date.now();
        post(`${chat.id}/signals`, { typing: 1 }).catch(() => null);
      }
    };
    node.addEventListener("focusin", () => choose(chat.id, false));
    at("panes").append(node);
    chats.set(state.id, chat);
    if (!current) choose(state.id, false);
    return chat;
  };
  const update = (chat, state) => {
    state.own_read = Math.max(state.own_read, chat.state.own_read || 0);
    chat.state = state;
    chat.node.classList.toggle("there", state.there && state.state === "open");
    chat.node.querySelector(".dot").title = state.there ? said.there : said.away;
    const why = chat.node.querySelector(".why"),
      ended = state.state === "ended";
    const text = ended
      ? state.ended_by === "operator"
        ? said.ended
        : say(`ended_${state.ended_by || "gone"}`, { who: state.name })
      : state.there
        ? ""
        : said.away;
    why.hidden = !text;
    if (why.textContent !== text) why.textContent = text;
    chat.node.querySelector(".pass").hidden = ended;
    chat.node.querySelector(".end").textContent = ended ? said.put_away : said.end;
    reads(chat);
  };
  const drop = (id) => {
    const chat = chats.get(id);
    chat?.node.remove();
    chats.delete(id);
    if (current === id) {
      current = 0;
      const next = [...chats.keys()][0];
      if (next) choose(next, false);
    }
  };
  const finish = async (chat) => {
    if (chat.state.state === "ended") {
      away.add(chat.id);
      sessionStorage.setItem("chats put away", JSON.stringify([...away].slice(-50)));
      drop(chat.id);
      tabs();
      return;
    }
    if (await act(`${chat.id}/end`)) {
      update(chat, { ...chat.state, state: "ended", ended_by: "operator" });
      tabs();
    }
  };
  const choose = (id, focus = true) => {
    const chat = chats.get(id);
    if (!chat) return;
    current = id;
    for (const other of chats.values()) other.node.classList.toggle("current", other === chat);
    if (focus) {
      chat.node.scrollIntoView({ inline: "nearest", block: "nearest" });
      chat.box.focus();
    }
    seen(chat);
    tabs();
  };

  // --- the queue, the tabs ---
  const since = (iso) => {
    const minutes = Math.floor((Date.now() - new Date(iso)) / 60000);
    return minutes < 1 ? said.now : say("since", { minutes });
  };
  const tabs = () => {
    order = [...chats.keys()];
    const buttons = order.map((id, n) => {
      const chat = chats.get(id),
        button = Object.assign(element("button", ""), {
          type: "button",
          onclick: () => choose(id),
        });
      if (n < 9) button.append(element("kbd", "", String(n + 1)));
      button.append(element("span", "cut", chat.state.name));
      if (chat.unread.size) {
        const count = element("span", "count", String(chat.unread.size));
        count.title = say("unread", { n: chat.unread.size });
        button.append(
          count,
          element("span", "hidden-text", say("unread", { n: chat.unread.size })),
        );
      }
      if (n < 9) button.dataset.key = String(n + 1);
      button.setAttribute("aria-current", String(id === current));
      return button;
    });
    const focused = [...at("tabs").children].indexOf(document.activeElement);
    at("tabs").replaceChildren(...buttons);
    if (focused >= 0) at("tabs").children[focused]?.focus();
    const unread = [...chats.values()].reduce((sum, chat) => sum + chat.unread.size, 0);
    at("chat-count").textContent = order.length || "";
    at("empty").hidden = order.length > 0;
    const title = document.title.replace(/^\(\d+\) /, "");
    document.title = unread ? `(${unread}) ${title}` : title;
  };
  // A row that says the same stays: taken away between the press and the release, its button would take no click.
  const becomes = (list, rows) => {
    rows.forEach((row, n) => {
      const old = list.children[n];
      if (!old) list.append(row);
      else if (!old.isEqualNode(row)) old.replaceWith(row);
    });
    while (list.children.length > rows.length) list.lastElementChild.remove();
  };
  const waiting = () => {
    const rows = queue.map((one) => {
      const row = Object.assign(element("li", one.for === "you" ? "for-you" : ""), {
          id: `waits-${one.id}`,
        }),
        top = element("div", "spread"),
        take = Object.assign(element("button", "button", said.take), { type: "button" });
      take.setAttribute("aria-label", `${said.take}: ${one.name}`);
      take.onclick = () => taken(`${one.id}/taking`);
      top.append(element("b", "cut", one.name), take);
      const told = [
        since(one.since),
        one.there ? "" : said.away.split(";")[0],
        one.for === "you" ? said.for_you : one.for ? said.for_other : "",
      ]
        .filter(Boolean)
        .join(" · ");
      row.append(top, element("p", "small cut", one.subject), element("p", "small faint", told));
      return row;
    });
    const held = [...at("waiting").querySelectorAll("button")].indexOf(document.activeElement);
    becomes(at("waiting"), rows.length ? rows : [element("li", "faint", said.nobody)]);
    at("waiting-count").textContent = queue.length || "";
    if (held >= 0) (at("waiting").querySelectorAll("button")[held] || at("next")).focus();
  };
  const become = (state) => {
    const more = state.waiting.length > queue.length;
    queue = state.waiting;
    waiting();
    at("elsewhere").textContent = state.elsewhere ? say("elsewhere", { n: state.elsewhere }) : "";
    for (const one of state.mine)
      if (!away.has(one.id) || one.state === "open") {
        away.delete(one.id);
        update(chats.get(one.id) || made(one), one);
      }
    const mine = new Set(state.mine.map((one) => one.id));
    [...chats.values()]
      .filter((chat) => !mine.has(chat.id) && chat.state.state !== "ended" && !chat.outbox.size)
      .forEach((chat) => drop(chat.id));
    tabs();
    if (more) ring(said.waiting);
  };
  const taken = async (path) => {
    const told = await act(path);
    if (told?.chat) {
      away.delete(told.chat);
      coming = told.chat;
      choose(told.chat);
    }
  };
  let coming = 0;
  at("next").onclick = () => taken("next");

  // --- passing on ---
  const passing = async (chat) => {
    const dialog = at("passing"),
      form = at("passing-form");
    at("people").replaceChildren();
    at("passing-refused").hidden = true;
    dialog.showModal();
    const told = await fetch("/console/chats/colleagues")
      .then((answer) => answer.json())
      .catch(() => ({ people: [] }));
    for (const one of told.people)
      at("people").append(
        Object.assign(element("option", "", one.name), { value: `person:${one.id}` }),
      );
    form.onsubmit = async (event) => {
      event.preventDefault();
      const answer = await post(`${chat.id}/passing`, new FormData(form)).catch(() => null),
        why = answer?.ok ? "" : (await answer?.json().catch(() => null))?.error || said.lost;
      at("passing-refused").hidden = !why;
      at("passing-refused").textContent = why;
      if (!why) {
        form.reset();
        dialog.close();
      }
    };
  };

  // --- keys: with Alt while writing; alone they are keys.js' ---
  document.addEventListener("keydown", (event) => {
    if (!event.altKey || event.ctrlKey || event.metaKey) return;
    const turn =
      {
        KeyT: () => at("next").click(),
        KeyI: () => chats.get(current)?.node.querySelector(".insert summary").click(),
        KeyX: () => chats.has(current) && finish(chats.get(current)),
      }[event.code] ||
      (/^Digit[1-9]$/.test(event.code) &&
        order[event.code.at(-1) - 1] &&
        (() => choose(order[event.code.at(-1) - 1])));
    if (turn) {
      event.preventDefault();
      turn();
    }
  });
  const ending = Object.assign(element("button", "hidden-text"), {
    type: "button",
    tabIndex: -1,
    onclick: () => chats.has(current) && finish(chats.get(current)),
  });
  ending.dataset.key = "x";
  ending.setAttribute("aria-hidden", "true");
  at("panes").after(ending);
  at("passing").addEventListener("close", () => chats.get(current)?.box.focus());

  // --- sound, off until somebody wants it ---
  at("sound").checked = localStorage.getItem("chat sound") === "yes";
  at("sound").onchange = () => {
    localStorage.setItem("chat sound", at("sound").checked ? "yes" : "no");
    if (at("sound").checked) ring("");
  };
  let audio,
    rang = 0;
  const ring = (text) => {
    if (text && document.hidden) at("told").textContent = text;
    if (!at("sound").checked || Date.now() - rang < 1500) return;
    rang = Date.now();
    audio ||= new AudioContext();
    const tone = audio.createOscillator(),
      volume = audio.createGain();
    volume.gain.setValueAtTime(0.15, audio.currentTime);
    volume.gain.exponentialRampToValueAtTime(0.001, audio.currentTime + 0.4);
    tone.connect(volume).connect(audio.destination);
    tone.start();
    tone.stop(audio.currentTime + 0.4);
  };

  // --- hearing ---
  const hear = (name, what) => {
    if (name === "line") show(what);
    else if (name === "state") {
      become(what);
      if (coming && chats.has(coming)) {
        choose(coming);
        coming = 0;
      }
    } else if (name === "read") {
      const chat = chats.get(what.chat);
      if (chat) {
        chat.state.read = Math.max(chat.state.read, what.id);
        reads(chat);
      }
    } else if (name === "typing") {
      const chat = chats.get(what.chat);
      if (chat) {
        chat.typing.textContent = say("typing", { who: chat.state.name });
        clearTimeout(chat.hush);
        chat.hush = setTimeout(() => {
          chat.typing.textContent = "";
        }, 5000);
      }
    }
  };
  const known = () => [...chats.values()].map((chat) => `${chat.id}:${chat.last}`).join(",");
  const stream = () =>
    new Promise((done) => {
      const source = new EventSource(`${page.dataset.chats}?after=${known()}`);
      let heard = false;
      const end = () => {
        source.close();
        dot?.classList.remove("on");
        clearInterval(watch);
        done(heard);
      };
      source.onopen = () => {
        heard = true;
        dot?.classList.add("on");
        at("line").hidden = true;
      };
      source.onerror = end;
      for (const name of ["line", "state", "read", "typing"])
        source.addEventListener(name, (event) => hear(name, JSON.parse(event.data)));
      const watch = setInterval(() => {
        if (!navigator.onLine) end();
      }, 3000);
      addEventListener("pagehide", end, { once: true });
    });
  const poll = async () => {
    const answer = await fetch(`/console/chats/events?after=${known()}`).catch(() => null),
      told = answer?.ok ? await answer.json().catch(() => null) : null;
    at("line").hidden = Boolean(told);
    at("line").textContent = said.lost;
    if (!told) return false;
    become(told.state);
    told.lines.forEach((line) => show(line));
    return true;
  };
  const run = async () => {
    for (let failed = 0; ; ) {
      if (failed < 2) {
        failed = (await stream()) ? 0 : failed + 1;
        await wait(300 + Math.random() * 700);
        continue;
      }
      const good = await poll();
      failed = good ? (failed + 1) % 10 : 2;
      await wait(good ? 3000 : 4000);
    }
  };
  document.addEventListener(
    "visibilitychange",
    () => chats.has(current) && seen(chats.get(current)),
  );
  setInterval(waiting, 30000);
  become(JSON.parse(page.dataset.state));
  run();
})();
