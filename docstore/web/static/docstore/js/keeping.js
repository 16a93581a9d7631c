// Nothing typed is lost: a form that was not saved keeps its words in this tab, and the end of a session is announced.
//
// Words are kept for the person who typed them, in this tab alone, and are gone with it or with signing out.
const PREFIX = "docstore-kept:";
const WARN_SECONDS = 300;

// While there is no line the page stays as it is, says so, and sends the form by itself when the line is back.
function waitForLine(form, button) {
  if (form.querySelector("[data-line-down]")) {
    return;
  }
  form.append(document.importNode(document.querySelector("#line-down").content, true));
  const said = form.querySelector("[data-line-down]");
  said.textContent = said.dataset.lineDown; // filled after it stands there, so that it is read out
  addEventListener("online", () => {
    said.remove();
    form.requestSubmit(button);
  }, { once: true });
}

for (const form of document.querySelectorAll("form[data-keep]")) {
  const key = `${PREFIX}${form.dataset.keep}:${new URL(form.action).pathname}`;
  const fields = () => [...form.querySelectorAll("input[type=text], textarea")];
  const kept = JSON.parse(sessionStorage.getItem(key) ?? "{}");
  for (const field of fields()) {
    if (kept[field.name] && field.value === field.defaultValue) {
      field.value = kept[field.name];
    }
  }
  form.addEventListener("input", () => {
    sessionStorage.setItem(key, JSON.stringify(Object.fromEntries(fields().map((field) => [field.name, field.value]))));
  });
  form.addEventListener("submit", (event) => {
    sessionStorage.setItem(`${PREFIX}sent`, key);
    if (!navigator.onLine) {
      event.preventDefault();
      waitForLine(form, event.submitter);
    }
  });
}

// A form that led to another page than itself or the sign-in was taken: its words are where they belong.
const sent = sessionStorage.getItem(`${PREFIX}sent`);
if (sent && document.body.dataset.idle && !sent.endsWith(`:${location.pathname}`)) {
  sessionStorage.removeItem(sent);
  sessionStorage.removeItem(`${PREFIX}sent`);
}
for (const form of document.querySelectorAll("form[action$='/sign-out/']")) {
  form.addEventListener("submit", () => {
    for (const key of Object.keys(sessionStorage).filter((one) => one.startsWith(PREFIX))) {
      sessionStorage.removeItem(key);
    }
  });
}

const idle = Number(document.body.dataset.idle);
if (idle) {
  let timer = 0;
  const dialog = document.importNode(document.querySelector("#session-ends").content, true).firstElementChild;
  document.body.append(dialog);
  const wait = () => {
    clearTimeout(timer);
    timer = setTimeout(() => dialog.showModal(), Math.max(30, idle - WARN_SECONDS) * 1000);
  };
  dialog.querySelector("[data-stay]").addEventListener("click", async () => {
    await fetch("/help/", { method: "HEAD" });
    dialog.close();
    wait();
  });
  wait();
}
