// Deciding without the mouse: Alt and a number chooses a case, Alt+R goes to the reason, Ctrl+Enter carries out the act.
// Without this script the page is the same form. Shortcuts can be switched off in the footer (WCAG 2.1.4).
const form = document.querySelector("[data-exception]");
const on = () => localStorage.getItem("docstore-shortcuts") !== "off";

if (form && on()) {
  form.querySelector("[data-keys]").hidden = false;
}

document.addEventListener("keydown", (event) => {
  if (!form || !on()) {
    return;
  }
  if (event.ctrlKey && event.key === "Enter") {
    event.preventDefault();
    form.requestSubmit();
    return;
  }
  if (!event.altKey || event.ctrlKey || event.metaKey) {
    return;
  }
  const cases = form.querySelectorAll("[data-case]");
  const chosen = cases[Number(event.key) - 1];
  if (chosen) {
    event.preventDefault();
    chosen.checked = true;
    chosen.focus();
  } else if (event.key.toLowerCase() === "r") {
    event.preventDefault();
    form.querySelector("#id_reason").focus();
  }
});
