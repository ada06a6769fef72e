// Logging a call: choosing the caller shows their open cases and what their cases are sorted by, and moves on to the text.
(() => {
  const field = document.getElementById("caller"),
    chosen = document.getElementById("contact");
  if (!field || !chosen) return;
  const form = field.form,
    card = document.getElementById("caller-card");
  const forget = () => {
    if (!chosen.value) return;
    chosen.value = "";
    form.classList.remove("known");
    if (card) card.replaceChildren();
  };

  const prefill = (told) => {
    if (!told) return;
    for (const [facet, value] of Object.entries(JSON.parse(told.dataset.facets || "{}"))) {
      const list = form.elements[`facet.${facet}`];
      if (
        list &&
        !list.dataset.touched &&
        [...list.options].some((option) => option.value === value)
      )
        list.value = value;
    }
    if (form.elements.address && !form.elements.address.dataset.touched)
      form.elements.address.value = told.dataset.address;
  };
  const show = async (id) => {
    const answer = await fetch(form.dataset.cards.replace("/0", `/${id}`)).catch(() => null);
    if (!answer?.ok || chosen.value !== id) return;
    card.innerHTML = await answer.text();
    prefill(card.querySelector(".caller"));
  };

  // A reload finds who was chosen, and by the key the words that drafts.js keeps; the next call begins anew.
  const remember = () => {
    const here = new URL(location);
    here.searchParams.delete("logged");
    here.searchParams.set("key", form.elements.client_key.value);
    if (chosen.value) here.searchParams.set("contact", chosen.value);
    else here.searchParams.delete("contact");
    history.replaceState(null, "", here);
  };
  form.addEventListener("input", remember);

  field.addEventListener("input", forget);
  field.addEventListener("change", () => {
    const id = field.dataset.chosen || "";
    if (!id) return;
    chosen.value = id;
    field.dataset.chosen = "";
    remember();
    form.classList.add("known");
    if (card) {
      show(id);
      form.elements.text.focus();
    }
  });
  // From the first key on, not when the field is left: the card may come while somebody is typing.
  form.addEventListener("input", (event) => {
    event.target.dataset.touched = "yes";
  });
  if (card) prefill(card.querySelector(".caller"));
})();
