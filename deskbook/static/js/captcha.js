// A reader's browser works for a moment before a vote is taken; it begins when the form is first touched.
// The work is ALTCHA's, version 1 (docs of knowledge/captcha.py); nothing is asked of another site.
document.querySelectorAll("form[data-captcha]").forEach((form) => {
  const GOOD_FOR_MS = 15 * 60_000;
  const status = form.querySelector("[data-status]");
  const field = form.elements.captcha;
  let work,
    begunAt = 0,
    solved = false; // not read from the field: browsers fill it again after a reload

  const begin = () => {
    if (work && Date.now() - begunAt < GOOD_FOR_MS) return work;
    begunAt = Date.now();
    work = fetch(form.dataset.captcha)
      .then((answer) => answer.json())
      .then(solve);
    work.catch(() => {
      work = null;
    });
    return work;
  };
  const solve = (challenge) =>
    new Promise((found, failed) => {
      const worker = new Worker(form.dataset.worker);
      const end = (act, value) => {
        worker.terminate();
        act(value);
      };
      worker.onmessage = ({ data }) =>
        data === null
          ? end(failed, new Error("no solution"))
          : end(
              found,
              btoa(
                JSON.stringify({
                  algorithm: challenge.algorithm,
                  challenge: challenge.challenge,
                  number: data,
                  salt: challenge.salt,
                  signature: challenge.signature,
                }),
              ),
            );
      worker.onerror = (error) => end(failed, error);
      worker.postMessage(challenge);
    });
  const send = (event) => {
    if (solved) return;
    event.preventDefault();
    event.stopPropagation(); // page.js would take it for sent
    status.textContent = form.dataset.working;
    // Later: while one submit event is on its way, a form takes no other.
    begin()
      .then((solution) =>
        setTimeout(() => {
          field.value = solution;
          solved = true;
          form.requestSubmit();
        }),
      )
      .catch(() => {
        status.textContent = form.dataset.failed;
      });
  };

  form.addEventListener("focusin", () => begin().catch(() => {}));
  form.addEventListener("submit", send);
  addEventListener("pageshow", (event) => {
    if (event.persisted) {
      solved = false;
      status.textContent = "";
      work = null;
    }
  });
});
