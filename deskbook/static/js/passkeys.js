// Passkeys: hands the page's forms to allauth's script. Without a script, or without passkeys, the rest of the page does.
(() => {
  const form = document.querySelector("form[data-passkey]");
  const button = document.getElementById("passkey");
  if (!form || !button || !window.PublicKeyCredential) return;
  form.hidden = false;
  const ids = { credential: "id_credential", data: "passkey-data" };
  const { forms } = window.allauth.webauthn;
  if (form.dataset.passkey === "add")
    forms.addForm({ ids: { ...ids, add: button.id, passwordless: "id_passwordless" } });
  else if (form.dataset.passkey === "login") forms.loginForm({ ids: { ...ids, login: button.id } });
  else forms.authenticateForm({ ids: { ...ids, authenticate: button.id } });
  document.addEventListener("allauth.error", (event) => {
    event.preventDefault();
    document.getElementById("passkey-failed")?.removeAttribute("hidden");
  });
})();
