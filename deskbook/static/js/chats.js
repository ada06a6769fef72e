// The operators' chats. One stream tells all of them; where none comes through, it asks. A line sent twice is one
// line, by its key; what has no answer yet is sent again.
import {
  at,
  atMostEvery,
  briefly,
  element,
  formOf,
  hearing,
  page,
  patiently,
  said,
  say,
  Talk,
  typing,
} from "./talk.js";

const operate = () => {
  const chats = new Map(); // id → { node, talk, unread, state, … }
  const away = new Set(JSON.parse(sessionStorage.getItem("chats put away") || "[]"));
  const dot = at("live");
  let current = 0,
    queue = [],
    order = [];

  const post = (path, given = {}, patience = 20000) => {
    const data = given instanceof FormData ? given : new FormData();
    if (data !== given) Object.entries(given).forEach(([name, value]) => data.append(name, value));
    return patiently(`/console/chats/${path}`, {
      method: "POST",
      body: data,
      patience,
      headers: JSON.parse(page.getAttribute("hx-headers")),
    });
  };
  const refused = (text) => briefly(at("refused"), text || "");
  const act = async (path, given) => {
    const answer = await post(path, given).catch(() => null),
      told = answer?.status === 204 ? {} : await answer?.json().catch(() => null);
    refused(told?.error || (answer?.ok ? "" : said.lost));
    return answer?.ok ? told : null;
  };

  // --- what is said ---
  const author = (own, who) => element("span", "by", who || said.you);
  const show = (line) => {
    const chat = chats.get(line.chat);
    if (!chat?.talk.show(line)) return;
    if (line.by !== "desk") {
      chat.types("");
      if (line.id > chat.state.own_read) {
        chat.unread.add(line.id);
        ring(say("new_line", { who: line.who }));
      }
    }
    seen(chat);
    tabs();
  };
  const seen = (chat) => {
    if (document.hidden || chat.id !== current || !chat.unread.size) return;
    clearTimeout(chat.telling);
    chat.telling = setTimeout(async () => {
      const upTo = chat.talk.last;
      const answer = await post(`${chat.id}/signals`, { read: upTo }).catch(() => null);
      if (answer?.ok) {
        chat.state.own_read = Math.max(chat.state.own_read, upTo);
        [...chat.unread].filter((id) => id <= upTo).forEach((id) => chat.unread.delete(id));
        tabs();
      }
    }, 600);
  };

  // --- panes ---
  const made = (state) => {
    const node = at("pane").content.firstElementChild.cloneNode(true),
      part = (name) => node.querySelector(name);
    const chat = {
      id: state.id,
      node,
      types: typing(part(".pane-typing")),
      box: part("textarea"),
      unread: new Set(),
      state,
    };
    chat.talk = new Talk({
      list: part("ol"),
      log: part(".pane-log"),
      own: "desk",
      by: author,
      post: (key, one, patience) => post(`${state.id}/lines`, formOf(key, one), patience),
      lost: said.waits,
    });
    node.id = `chat-${state.id}`;
    node.setAttribute("aria-label", say("chat", { who: state.name }));
    part("h2").textContent = state.name;
    Object.assign(part(".number"), {
      textContent: state.number,
      href: `/console/tickets/${state.number}`,
      title: said.open,
    });
    part(".about").textContent = state.subject;
    chat.talk.log.setAttribute("aria-label", say("chat", { who: state.name }));
    chat.box.setAttribute("aria-label", say("answer", { who: state.name }));
    chat.box.placeholder = say("answer", { who: state.name });
    const opens = part(".insert > summary");
    opens.title = opens.title.replace(/\(.*\)$/, "(Alt+I)");
    delete opens.dataset.key; // a + here is typed into a chat
    part(".insert a").href = part(".insert a").href.replace("NUMBER", state.number);
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
      chat.talk.send(chat.box.value);
      chat.box.value = "";
    };
    part("input[type=file]").onchange = (event) => {
      for (const file of event.target.files) chat.talk.send("", [file]);
      event.target.value = "";
    };
    chat.box.onkeydown = (event) => {
      if (event.key === "Enter" && !event.shiftKey && !event.ctrlKey && !event.isComposing) {
        event.preventDefault();
        part("form").requestSubmit();
      }
    };
    const typed = atMostEvery(3000, () =>
      post(`${chat.id}/signals`, { typing: 1 }).catch(() => null),
    );
    chat.box.oninput = () => chat.state.state === "open" && typed();
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
    chat.talk.marks(state.read);
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
      .filter(
        (chat) => !mine.has(chat.id) && chat.state.state !== "ended" && !chat.talk.outbox.size,
      )
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
    } else if (name === "read") chats.get(what.chat)?.talk.marks(what.id);
    else if (name === "typing") {
      const chat = chats.get(what.chat);
      chat?.types(say("typing", { who: chat.state.name }));
    }
  };
  const known = () => [...chats.values()].map((chat) => `${chat.id}:${chat.talk.last}`).join(",");
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
    if (!told) return false;
    at("line").hidden = true;
    become(told.state);
    told.lines.forEach(show);
    return true;
  };
  const isDown = () => {
    at("line").hidden = false;
    at("line").textContent = said.lost;
  };
  document.addEventListener(
    "visibilitychange",
    () => chats.has(current) && seen(chats.get(current)),
  );
  setInterval(waiting, 30000);
  become(JSON.parse(page.dataset.state));
  hearing({ stream, poll, isDown });
};
if (page.dataset.chats) operate();
