// What the visitor's chat and the operators' chats do alike: words, lines and their marks, what is on its way until
// the desk has it (a line sent twice is one line, by its key), and hearing by a stream or by asking.
export const page = document.body;
export const at = (id) => document.getElementById(id);
export const said = JSON.parse(page.dataset.said || "{}");
export const say = (name, parts = {}) => said[name].replace(/\{(\w+)\}/g, (_, part) => parts[part]);
export const wait = (ms) => new Promise((done) => setTimeout(done, ms));
export const random = (bytes = 16) =>
  [...crypto.getRandomValues(new Uint8Array(bytes))]
    .map((byte) => byte.toString(16).padStart(2, "0"))
    .join("");
export const element = (name, className, text = "") => {
  const node = document.createElement(name);
  node.className = className;
  node.textContent = text;
  return node;
};
export const briefly = (node, text) => {
  node.hidden = !text;
  node.textContent = text;
  setTimeout(() => {
    if (node.textContent === text) node.hidden = true;
  }, 8000);
};
export const typing = (node) => {
  let hush;
  return (text) => {
    clearTimeout(hush);
    node.textContent = text;
    if (text)
      hush = setTimeout(() => {
        node.textContent = "";
      }, 5000);
  };
};
export const atMostEvery = (ms, act) => {
  let last = 0;
  return () => {
    if (Date.now() - last < ms) return;
    last = Date.now();
    act();
  };
};
export const patiently = async (path, { patience = 20000, ...options } = {}) => {
  const limit = new AbortController();
  const timer = setTimeout(() => limit.abort(), patience);
  try {
    return await fetch(path, { ...options, signal: limit.signal });
  } finally {
    clearTimeout(timer);
  }
};
const backOnline = (ms) =>
  Promise.race([wait(ms), new Promise((back) => addEventListener("online", back, { once: true }))]);
const withSpread = (ms) => ms * (0.5 + Math.random());

// --- lines ---
const UNITS = ["KB", "MB", "GB"];
// In the words of the server's filesizeformat.
export const size = (bytes) => {
  if (bytes < 1024) return say(bytes === 1 ? "size_byte" : "size_bytes", { n: bytes });
  const unit = bytes < 1024 ** 2 ? 0 : bytes < 1024 ** 3 ? 1 : 2;
  const amount = (bytes / 1024 ** (unit + 1)).toFixed(1).replace(".", said.size_point);
  return say(`size_${UNITS[unit]}`, { n: amount });
};
const words = (text) => {
  const node = element("span", "words");
  text.split(/(https?:\/\/[^\s<>"']+[^\s<>"'.,;:!?)\]])/).forEach((part, odd) => {
    if (!(odd % 2)) return node.append(part);
    const link = element("a", "", part);
    node.append(
      Object.assign(link, {
        href: part,
        target: "_blank",
        rel: "noopener noreferrer nofollow",
      }),
    );
  });
  return node;
};
const fileOf = ({ name, size: bytes, url }) => {
  const node = element(url ? "a" : "span", "file", `${name} (${size(bytes)})`);
  return url ? Object.assign(node, { href: url, target: "_blank", rel: "noopener" }) : node;
};
const clock = (iso) =>
  new Intl.DateTimeFormat(document.documentElement.lang, {
    hour: "2-digit",
    minute: "2-digit",
    hourCycle: "h23",
  }).format(new Date(iso));
const mark = (node, ...parts) => node.querySelector(".mark").replaceChildren(...parts);

// The lines of one chat: `own` is what `by` of a line says of this side, `by` makes the name above a line, `post` sends
// one that waits, `lost` is said where a refusal has no words, `changed` hears what waits, `refused` who was refused.
export class Talk {
  shown = new Map(); // id of a line → its node
  outbox = new Map(); // key → { text, files, node }
  last = 0;
  read = 0;
  stopped = false;
  #sending = {};

  constructor({ list, log, own, by, post, lost, changed = () => {}, refused = () => {} }) {
    Object.assign(this, { list, log, own, by, post, lost, changed, refused });
  }

  get near() {
    return this.log.scrollHeight - this.log.scrollTop - this.log.clientHeight < 80;
  }
  down() {
    this.log.scrollTop = this.log.scrollHeight;
  }

  #bubble(own, who, text, files) {
    const node = element("li", own ? "bubble own" : "bubble");
    node.append(this.by(own, who));
    if (text) node.append(words(text));
    node.append(...files.map(fileOf), element("span", "mark"));
    return node;
  }

  // Only what is heard moves `last`: between it and the number of one's own line may be answers still on their way.
  // Says whether the line is new here.
  show(line, heard = true) {
    if (heard) this.last = Math.max(this.last, line.id);
    if (this.shown.has(line.id)) return false;
    const own = line.by === this.own;
    const follow = this.near;
    if (own) this.#arrived(line.key);
    const node = this.#bubble(own, line.who, line.text, line.files);
    node.dataset.at = clock(line.at);
    if (own) node.dataset.own = line.id;
    const next = Math.min(...[...this.shown.keys()].filter((id) => id > line.id));
    this.list.insertBefore(
      node,
      this.shown.get(next) || this.list.querySelector(".waits, .failed"),
    );
    this.shown.set(line.id, node);
    mark(node, node.dataset.at);
    this.marks();
    if (follow || own) this.down();
    return true;
  }

  // What the other side has read: said at the last such line alone.
  marks(read = 0) {
    this.read = Math.max(this.read, read);
    const own = [...this.shown].filter(([, node]) => node.dataset.own);
    const seen = Math.max(0, ...own.map(([id]) => id).filter((id) => id <= this.read));
    for (const [id, node] of own) {
      const how = id === seen ? said.read : id < seen ? "" : said.sent;
      mark(node, [node.dataset.at, how].filter(Boolean).join(" · "));
    }
  }

  put(key, text, files) {
    const node = this.#bubble(true, "", text, files);
    node.classList.add("waits");
    mark(node, said.sending);
    this.list.append(node);
    this.outbox.set(key, { text, files, node });
    this.down();
  }
  send(text, files = []) {
    if (!text.trim() && !files.length) return;
    this.put(random(), text.trim(), files);
    this.changed();
    this.flush();
  }
  flush() {
    this.#empty(false);
    this.#empty(true);
  }

  #arrived(key) {
    this.outbox.get(key)?.node.remove();
    if (this.outbox.delete(key)) this.changed();
  }

  // One after the other, each until it has an answer; words do not wait behind a file.
  async #empty(ofFiles) {
    if (this.#sending[ofFiles]) return;
    this.#sending[ofFiles] = true;
    for (let turn = 0; !this.stopped; ) {
      const next = [...this.outbox].find(
        ([, one]) => !one.refused && Boolean(one.files.length) === ofFiles,
      );
      if (!next) break;
      const [key, one] = next;
      if (await this.#sent(key, one)) turn = 0;
      else {
        mark(one.node, said.waits);
        await backOnline(Math.min(1000 * 2 ** turn++, 15000));
      }
    }
    this.#sending[ofFiles] = false;
  }
  async #sent(key, one) {
    const [file] = one.files;
    mark(one.node, file ? say("uploading", { name: file.name }) : said.sending);
    const answer = await this.post(key, one, file ? 600000 : 20000).catch(() => null);
    const told = answer && (await answer.json().catch(() => null));
    if (answer?.ok && told) {
      const line = { id: told.id, by: this.own, who: "", text: one.text, key, files: [] };
      line.at = new Date().toISOString();
      if (this.outbox.has(key)) this.show(told.line || line, false);
      return true;
    }
    if (!answer || answer.status >= 500 || answer.status === 408) return false;
    one.refused = true;
    this.#fault(one, told?.error || this.lost);
    this.refused(answer, told);
    return true;
  }
  #fault(one, sentence) {
    one.node.classList.add("failed");
    const again = Object.assign(element("button", "button quiet", said.again), {
      type: "button",
      onclick: () => {
        one.node.classList.remove("failed");
        one.refused = false;
        this.flush();
      },
    });
    mark(one.node, element("span", "fault", sentence), again);
  }
}

export const formOf = (key, { text, files }) => {
  const data = new FormData();
  data.append("key", key);
  data.append("text", text);
  for (const file of files) data.append("files", file, file.name);
  return data;
};

// A stream; where it fails twice, asking; and now and then the stream again.
export const hearing = async ({ stream, poll, isDown, stopped = () => false }) => {
  for (let failed = 0; !stopped(); ) {
    if (failed < 2) {
      failed = (await stream()) ? 0 : failed + 1;
      if (!failed) {
        await wait(200 + Math.random() * 800);
        continue;
      }
    }
    if (stopped()) return;
    if (await poll()) {
      failed = (failed + 1) % 12;
      await wait(document.hidden ? 8000 : 3000);
    } else {
      isDown();
      await backOnline(withSpread(Math.min(1000 * 2 ** failed, 15000)));
      failed = Math.min(failed + 1, 5);
    }
  }
};
