// The phone of the demo looks every two seconds for what arrived, and stays at the end of the talk.
(() => {
  const talk = document.getElementById("talk");
  let shown = "";
  const end = () => {
    talk.scrollTop = talk.scrollHeight;
  };
  end();
  setInterval(async () => {
    if (document.hidden) return;
    const answer = await fetch(talk.dataset.again).catch(() => null);
    const text = answer?.ok ? await answer.text() : shown;
    if (text === shown) return;
    const first = !shown;
    shown = text;
    talk.innerHTML = text;
    if (!first) end();
  }, 2000);
})();
