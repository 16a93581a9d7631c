// Security keys: asks the browser for the key, puts its answer into the form and sends it. webauthn-json.js, which the sign-in
// library brings, turns what a key says into text and back.
const form = document.querySelector("[data-security-key]");

async function ask() {
  const told = JSON.parse(form.dataset.options)[form.dataset.securityKey];
  const act = form.dataset.securityKey === "creation_options" ? "create" : "get";
  const said = form.querySelector("[data-said]");
  said.textContent = "";
  try {
    const credential = await window.webauthnJSON[act](told);
    form.querySelector("[name=credential]").value = JSON.stringify(credential);
  } catch {
    said.textContent = said.dataset.failed; // taken away too soon, refused, or no key at all: the browser does not say which
    return;
  }
  form.submit();
}

form?.querySelector("[data-ask]").addEventListener("click", ask);
