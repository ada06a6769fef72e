// A sign-in link carries its code behind the #: what is there is sent to no server, so it stands in no log of one.
// The person presses the button: a link that is only looked at, by a mail scanner say, is not used up.
const code = decodeURIComponent(location.hash.slice(1)).slice(0, 40);
if (code) {
  history.replaceState(null, "", location.pathname + location.search);
  document.getElementById("code").value = code;
  document.querySelector("main form button, form.card button").focus();
}
