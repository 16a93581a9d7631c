// Looking through scans without the mouse: Alt and a letter presses the button that bears it, Alt+R goes to the reason.
// Without this script the page is the same form. Shortcuts can be switched off on the help page (WCAG 2.1.4).
const form = document.querySelector("[data-scan]");
const on = () => localStorage.getItem("docstore-shortcuts") !== "off";

if (form && on()) {
  form.querySelector("[data-keys]").hidden = false;
}

document.addEventListener("keydown", (event) => {
  if (!form || !on() || !event.altKey || event.ctrlKey || event.metaKey) {
    return;
  }
  const key = event.key.toLowerCase();
  const button = [...form.querySelectorAll("button[data-key]")].find((one) => one.dataset.key === key);
  if (button && !button.disabled) {
    event.preventDefault();
    button.click();
  } else if (key === "r") {
    event.preventDefault();
    form.querySelector("#id_reason").focus();
  }
});
