// Filing with script: files are sent as soon as they are chosen, each alone with its progress, and what is typed is saved.
//
// The page itself, made by the server, is the only source of rows: after a file has arrived the page is asked for again
// and its new row is taken over as nodes. Names of files and answers of the server go in as text, never as markup.
const form = document.querySelector("[data-filing]");
const input = form.querySelector("#id_files");
const sending = form.querySelector("[data-sending]");
const status = form.querySelector("[data-status]");
const template = document.querySelector("#sending-row");
const MEGA = 1024 * 1024;
const SAVE_AFTER = 800;
let atWork = 0;
let queue = Promise.resolve();
let timer = 0;
let submitting = false;
let typed = 0;
let saving = Promise.resolve();

form.querySelector("[data-add]").hidden = true;
input.addEventListener("change", takeChosen);
document.addEventListener("dragover", (event) => event.preventDefault());
document.addEventListener("drop", (event) => {
  event.preventDefault();
  add([...event.dataTransfer.files]);
});
form.addEventListener("input", (event) => {
  if (event.target === input) {
    return; // files are sent by themselves; there is nothing typed yet
  }
  changed(event.target);
  typed += 1;
  status.textContent = "";
  clearTimeout(timer);
  timer = setTimeout(saveInTurn, SAVE_AFTER);
});
form.addEventListener("submit", () => {
  submitting = true;
  clearTimeout(timer);
});
// Who leaves in the middle of a word takes nothing with them: the browser still sends what is kept alive.
addEventListener("pagehide", () => {
  if (timer && !submitting) {
    clearTimeout(timer);
    save({ keepalive: true });
  }
});
addEventListener("beforeunload", (event) => {
  if (atWork > 0 && !submitting) {
    event.preventDefault();
  }
});
form.addEventListener("keydown", (event) => {
  if (event.key === "Enter" && event.target.matches("input[type=text]")) {
    // Enter in a field goes to the next file; it never answers a question and never files by accident.
    event.preventDefault();
    step(event.target, 1);
    return;
  }
  const by = { ArrowDown: 1, ArrowUp: -1 }[event.key];
  if (event.altKey && by && event.target.tagName !== "SELECT" && localStorage.getItem("docstore-shortcuts") !== "off") {
    event.preventDefault();
    step(event.target, by);
  }
});

// Also for what was chosen before this script had come, or before the browser went back to this page.
function takeChosen() {
  add([...input.files]);
  // What stays in the input would be sent once more by a plain submit.
  input.value = "";
}

function rows() {
  return [...form.querySelectorAll("[data-row]")];
}

function step(from, by) {
  const all = rows();
  const next = all[all.findIndex((row) => row.contains(from)) + by];
  (next?.querySelector("input[type=text]") ?? form.querySelector("[data-go]"))?.focus();
}

// A typed value is the person's own; what was copied from the file above follows it until it is changed.
function changed(control) {
  const hint = control.closest(".govuk-form-group")?.querySelector("[data-hint]");
  if (hint) {
    hint.textContent = "\u00a0";
  }
  if (!control.dataset.carry) {
    return;
  }
  control.dataset.origin = "typed";
  const all = rows();
  for (const row of all.slice(all.findIndex((one) => one.contains(control)) + 1)) {
    const below = row.querySelector(`[data-carry="${CSS.escape(control.dataset.carry)}"]`);
    if (below.dataset.origin === "typed" || below.dataset.origin === "suggested") {
      break;
    }
    below.value = control.value;
    below.dataset.origin = "carried";
  }
}

// One after another, so that an earlier save never arrives after a later one and undoes it.
function saveInTurn() {
  timer = 0;
  saving = saving.then(() => save());
}

async function save({ keepalive = false } = {}) {
  const before = typed;
  const body = new FormData(form);
  body.delete("files");
  body.set("do", "save");
  try {
    const answer = await fetch(form.action, { method: "POST", body, keepalive, headers: { Accept: "application/json" } });
    if (answer.ok && before === typed) {
      status.textContent = (await answer.json()).saved; // only what is all that was typed is called saved
    } else if (!answer.ok) {
      status.textContent = form.dataset.unsaved;
    }
  } catch {
    // The next change, or the button, saves again; nothing typed has left the page.
    status.textContent = form.dataset.unsaved;
  }
}

function add(files) {
  for (const file of files) {
    const item = template.content.firstElementChild.cloneNode(true);
    const part = (name) => item.querySelector(`[data-${name}]`);
    part("name").textContent = file.name;
    part("of").textContent = ` ${file.name}`;
    sending.append(item);
    sending.hidden = false;
    atWork += 1;
    queue = queue.then(() => send(file, item, part));
  }
  if (files.length) {
    queue = queue.then(refresh);
  }
}

function send(file, item, part) {
  return new Promise((done) => {
    if (!item.isConnected) {
      done();
      return;
    }
    const body = new FormData();
    body.append("csrfmiddlewaretoken", form.querySelector("[name=csrfmiddlewaretoken]").value);
    body.append("do", "add");
    body.append("files", file);
    const request = new XMLHttpRequest();
    const bar = item.querySelector("progress");
    bar.max = file.size || 1;
    bar.setAttribute("aria-label", file.name);
    part("stop").addEventListener("click", () => {
      request.abort();
      item.remove();
      input.focus();
    });
    request.upload.addEventListener("progress", (event) => {
      bar.value = Math.min(event.loaded, bar.max);
      part("says").textContent = `${(event.loaded / MEGA).toFixed(1)} / ${(event.total / MEGA).toFixed(1)} MB`;
    });
    request.addEventListener("loadend", () => {
      atWork -= 1;
      if (request.status === 201) {
        item.remove();
      } else if (item.isConnected) {
        refuse(item, part, request.response ?? {});
      }
      done();
    });
    request.open("POST", form.action);
    request.setRequestHeader("Accept", "application/json");
    request.responseType = "json";
    request.send(body);
  });
}

function refuse(item, part, said) {
  item.className = "ds-batch__refused";
  item.querySelector("progress").remove();
  part("says").textContent = form.dataset.refused;
  part("says").className = "ds-fail";
  part("error").textContent = said.detail ?? form.dataset.lost;
  part("body").hidden = false;
  part("stop").firstChild.textContent = form.dataset.remove;
  status.textContent = part("error").textContent;
}

// Take over what the page says now: new rows, the button and the numbers. Rows that are there already stay untouched.
async function refresh() {
  sending.hidden = sending.children.length === 0;
  const answer = await fetch(form.action, { headers: { Accept: "text/html" } });
  if (!answer.ok) {
    return;
  }
  const fresh = new DOMParser().parseFromString(await answer.text(), "text/html");
  const place = form.querySelector("[data-rows]");
  const arrived = [...fresh.querySelectorAll("[data-row]")].filter((row) => !document.getElementById(row.id));
  if (!place.querySelector("[data-list]")) {
    place.replaceChildren(...[...fresh.querySelector("[data-rows]").childNodes].map((node) => document.importNode(node, true)));
  } else {
    place.querySelector("[data-list]").append(...arrived.map((row) => document.importNode(row, true)));
    place.querySelector("[data-count]").textContent = fresh.querySelector("[data-count]").textContent;
  }
  form.querySelector("[data-standing]").replaceChildren(
    ...[...fresh.querySelector("[data-standing]").childNodes].map((node) => document.importNode(node, true)),
  );
  if (arrived.length) {
    status.textContent = fresh.querySelector("[data-count]").textContent;
  }
}

if (input.files.length > 0) {
  takeChosen();
}
