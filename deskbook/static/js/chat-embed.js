// One tag puts a desk's chat on any page: <script src="https://desk.example.org/chat.js" data-desk="spark" defer></script>
// Optional: data-label (the button's words), data-language (en, pt, ml, or, hi), data-side ("left" or "right").
(() => {
  const tag = document.currentScript;
  if (!tag?.dataset.desk) return;
  const home = new URL(tag.src).origin,
    { desk, label = "Chat", language = "", side = "right" } = tag.dataset;
  const button = document.createElement("button"),
    frame = document.createElement("iframe"),
    holder = document.createElement("div");
  const edge = side === "left" ? "left" : "right";
  const css = (node, rules) =>
    Object.entries(rules).forEach(([name, value]) => node.style.setProperty(name, value));
  css(holder, {
    position: "fixed",
    bottom: "16px",
    [edge]: "16px",
    "z-index": "2147483000",
    display: "flex",
    "flex-direction": "column",
    gap: "8px",
    "align-items": edge === "left" ? "flex-start" : "flex-end",
  });
  css(button, {
    font: "600 16px/1 system-ui, sans-serif",
    padding: "14px 20px",
    "min-height": "48px",
    border: "0",
    "border-radius": "24px",
    background: "#2c57cc",
    color: "#fff",
    cursor: "pointer",
    "box-shadow": "0 4px 16px rgb(0 0 0 / .3)",
  });
  css(frame, {
    width: "min(400px, calc(100vw - 32px))",
    height: "min(600px, calc(100vh - 96px))",
    border: "1px solid #868e9b",
    "border-radius": "12px",
    background: "#fff",
    display: "none",
  });
  button.type = "button";
  button.textContent = label;
  button.setAttribute("aria-expanded", "false");
  frame.title = label;
  button.addEventListener("click", () => {
    const open = frame.style.display === "none";
    if (open && !frame.src)
      frame.src = `${home}/chat/${encodeURIComponent(desk)}/${language ? `?language=${encodeURIComponent(language)}` : ""}`;
    frame.style.display = open ? "block" : "none";
    button.setAttribute("aria-expanded", String(open));
  });
  holder.append(frame, button);
  const add = () => document.body.append(holder);
  document.body ? add() : addEventListener("DOMContentLoaded", add, { once: true });
})();
