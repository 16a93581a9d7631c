// Filing with a row per file: each is sent alone, with its own progress, and taken or refused by itself.
//
// The rows come from a template in the page. Names of files and answers of the server go in as text, never as markup
// (a file may be called "<img src=x onerror=…>.pdf"). Without this script the form sends all files in one go.
const form = document.querySelector("[data-filing]");
const input = form.querySelector("#id_files");
const list = form.querySelector("[data-list]");
const heading = form.querySelector("[data-count]");
const status = form.querySelector("[data-status]");
const go = form.querySelector("[data-go]");
const template = document.querySelector("#file-row");
const CARRIED = ["section", "dated_on", "classification"];
const STATES = ["ready", "busy", "filed", "refused", "asks"];
const MEGA = 1024 * 1024;
const rows = [];
let made = 0;

const files = (count) => `${count} file${count === 1 ? "" : "s"}`;
const part = (row, name) => row.item.querySelector(`[data-${name}]`);
const field = (row, name) => row.item.querySelector(`[data-field=${name}]`);
const inState = (state) => rows.filter((row) => row.state === state);

input.addEventListener("change", () => {
  add([...input.files]);
  // What stays in the input would be sent once more by a plain submit.
  input.value = "";
});
document.addEventListener("dragover", (event) => event.preventDefault());
document.addEventListener("drop", (event) => {
  event.preventDefault();
  add([...event.dataTransfer.files]);
});
form.addEventListener("submit", (event) => {
  if (rows.length === 0) {
    return;
  }
  event.preventDefault();
  fileAll();
});
form.addEventListener("keydown", (event) => {
  const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
  if (!event.altKey || !step || event.target.tagName === "SELECT" || localStorage.getItem("docstore-shortcuts") === "off") {
    return;
  }
  const at = rows.findIndex((row) => row.item.contains(event.target));
  const next = rows[at + step];
  if (at >= 0 && next) {
    event.preventDefault();
    (next.item.querySelector("[data-field=title]") ?? next.item).focus();
  }
});

function add(chosen) {
  for (const file of chosen) {
    rows.push(draw(file));
  }
  status.textContent = chosen.length ? `${files(chosen.length)} added.` : "";
  count();
}

function draw(file) {
  made += 1;
  const item = template.content.firstElementChild.cloneNode(true);
  const row = { file, item, state: "", request: null, confirmed: [], number: made };
  item.id = `file-${made}`;
  part(row, "name").textContent = `${made}. ${file.name}`;
  part(row, "of").textContent = ` ${file.name}`;
  for (const control of item.querySelectorAll("[data-field]")) {
    const name = control.dataset.field;
    control.id = `${name}-${made}`;
    const group = control.closest(".govuk-form-group");
    group.querySelector("label").htmlFor = control.id;
    control.setAttribute("aria-describedby", `${control.id}-hint`);
    const hint = group.querySelector("[data-hint]");
    const plain = hint.textContent;
    hint.id = `${control.id}-hint`;
    // While typing, not on leaving the field: what moves then would slip away from under a click on the button below.
    control.addEventListener("input", () => {
      hint.textContent = name === "title" ? "\u00a0" : plain;
      control.dataset.changed = "yes";
      carry();
    });
  }
  for (const answer of ["yes", "no"]) {
    const radio = part(row, answer);
    radio.name = `doubt-${made}`;
    radio.id = `doubt-${answer}-${made}`;
    part(row, `${answer}-label`).htmlFor = radio.id;
    radio.addEventListener("change", () => settle(row, answer));
  }
  field(row, "title").value = file.name.replace(/\.[^.]+$/, "").replaceAll("_", " ");
  part(row, "remove").addEventListener("click", () => remove(row));
  list.append(item);
  set(row, "ready", "Ready to file");
  carry();
  return row;
}

// Section, date and who may open it follow the file above until they are changed. A title is never carried.
function carry() {
  const items = [...list.children];
  items.forEach((item, at) => {
    for (const name of CARRIED) {
      const control = item.querySelector(`[data-field=${name}]`);
      const above = at > 0 && items[at - 1].querySelector(`[data-field=${name}]`);
      if (above && !control.dataset.changed && !control.disabled && above.value) {
        control.value = above.value;
        control.closest(".govuk-form-group").querySelector("[data-hint]").textContent = `Same as the file above`;
      }
    }
  });
}

function set(row, state, words) {
  row.state = state;
  row.item.className = { ready: "", filed: "ds-batch__ready" }[state] ?? `ds-batch__${state}`;
  const says = part(row, "says");
  says.textContent = words;
  says.className = { filed: "ds-pass", refused: "ds-fail" }[state] ?? "";
  part(row, "verb").textContent = state === "busy" ? "Stop" : "Remove";
  part(row, "remove").hidden = state === "filed";
  row.item.querySelector("progress").hidden = state !== "busy";
  part(row, "fields").hidden = state === "filed" || state === "refused";
  for (const control of row.item.querySelectorAll("[data-field]")) {
    control.disabled = state === "busy";
  }
  count();
}

function count() {
  form.querySelector("[data-files]").hidden = rows.length === 0;
  form.querySelector("[data-shared]").hidden = rows.length > 0;
  heading.textContent = files(rows.length);
  for (const state of STATES) {
    form.querySelector(`[data-number=${state}]`).textContent = files(inState(state).length);
  }
  const ready = inState("ready").length;
  go.hidden = rows.length > 0 && ready === 0 && inState("busy").length === 0;
  go.textContent = rows.length ? `File ${ready} document${ready === 1 ? "" : "s"} now` : "File documents now";
}

function remove(row) {
  row.request?.abort();
  const at = rows.indexOf(row);
  rows.splice(at, 1);
  row.item.remove();
  count();
  (rows[at]?.item ?? rows[at - 1]?.item ?? input).focus();
}

async function fileAll() {
  go.disabled = true;
  for (const row of inState("ready")) {
    await send(row);
  }
  go.disabled = false;
  const needs = inState("refused").length + inState("asks").length;
  status.textContent = `${files(inState("filed").length)} filed.${needs ? ` ${files(needs)} ${needs === 1 ? "needs" : "need"} you.` : ""}`;
  (inState("asks")[0]?.item ?? inState("refused")[0]?.item ?? heading).focus();
}

function send(row) {
  return new Promise((done) => {
    const body = new FormData();
    body.append("csrfmiddlewaretoken", form.querySelector("[name=csrfmiddlewaretoken]").value);
    for (const control of row.item.querySelectorAll("[data-field]")) {
      body.append(control.dataset.field, control.value);
    }
    for (const code of row.confirmed) {
      body.append("confirm", code);
    }
    body.append("files", row.file);
    const request = new XMLHttpRequest();
    row.request = request;
    const bar = row.item.querySelector("progress");
    bar.max = row.file.size || 1;
    bar.setAttribute("aria-label", `Sending ${row.file.name}`);
    request.upload.addEventListener("progress", (event) => {
      bar.value = Math.min(event.loaded, bar.max);
      const sent = (event.loaded / MEGA).toFixed(1);
      part(row, "says").textContent =
        event.loaded < event.total ? `Sent ${sent} of ${(event.total / MEGA).toFixed(1)} MB` : "Being checked";
    });
    request.addEventListener("loadend", () => {
      if (rows.includes(row)) {
        take(row, request);
      }
      done();
    });
    request.open("POST", form.action);
    request.setRequestHeader("Accept", "application/json");
    request.responseType = "json";
    set(row, "busy", "Being sent");
    request.send(body);
  });
}

function take(row, request) {
  const said = request.response ?? {};
  const error = part(row, "error");
  error.hidden = true;
  if (request.status === 201) {
    const link = part(row, "link");
    link.textContent = `Open ${field(row, "title").value || row.file.name}`;
    link.href = said.url;
    part(row, "done").hidden = false;
    part(row, "doubt").hidden = true;
    set(row, "filed", "Filed. It can be opened when the virus check has passed");
  } else if (request.status === 409 && said.question && form.dataset.mayConfirm) {
    part(row, "doubt-why").textContent = said.detail;
    part(row, "yes-label").textContent = said.question;
    part(row, "doubt").hidden = false;
    part(row, "yes").checked = part(row, "no").checked = false;
    row.doubt = said.code;
    set(row, "asks", "Waiting for your answer");
  } else {
    error.textContent = said.detail ?? "The file did not arrive. Nothing of it was kept. Check the connection and send it again.";
    error.hidden = false;
    const final = Boolean(said.code) && said.code !== "invalid";
    set(row, final ? "refused" : "ready", final ? "Not taken. Nothing of this file was kept" : "Not sent yet");
  }
}

// No answer is chosen beforehand. "Yes" is kept with the filing; "no" needs no reason.
function settle(row, answer) {
  if (answer === "no") {
    remove(row);
    return;
  }
  row.confirmed.push(row.doubt);
  set(row, "ready", "Ready to file, with your answer");
}
