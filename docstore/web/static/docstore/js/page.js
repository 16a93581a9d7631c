// What every page may do beyond plain HTML. A page is whole without it.
//
// Knows the design system's components and a few marks in the HTML (data-…). Text goes in as text, never as markup.
import {
  Button,
  ErrorSummary,
  PasswordInput,
  SkipLink,
  createAll,
} from "../build/govuk-frontend.min.js";
import "./keeping.js";
import "./notices.js";

document.documentElement.classList.add("ds-script");
document.body.classList.add("js-enabled", "govuk-frontend-supported");
for (const component of [Button, ErrorSummary, PasswordInput, SkipLink]) {
  createAll(component);
}

for (const button of document.querySelectorAll("[data-print]")) {
  button.addEventListener("click", () => window.print());
}

// After an act the message at the top is where reading goes on.
document.querySelector("[data-focus]")?.focus();

// Shortcuts can be switched off (WCAG 2.1.4); the choice is this browser's alone.
const SHORTCUTS = "docstore-shortcuts";
for (const button of document.querySelectorAll("[data-shortcuts]")) {
  const show = () => {
    button.textContent = localStorage.getItem(SHORTCUTS) === "off" ? button.dataset.on : button.dataset.off;
  };
  button.addEventListener("click", () => {
    localStorage.setItem(SHORTCUTS, localStorage.getItem(SHORTCUTS) === "off" ? "on" : "off");
    show();
  });
  show();
}

// Progress: a part of the page that asks again by itself. From 2 s up to 10 s apart, never while the page is hidden.
const FIRST = 2000;
const LONGEST = 10000;
for (const part of document.querySelectorAll("[data-poll]")) {
  let wait = FIRST;
  let etag = "";
  const again = () => setTimeout(ask, wait);
  const ask = async () => {
    if (document.hidden) {
      again();
      return;
    }
    let answer;
    try {
      answer = await fetch(part.dataset.poll, {
        headers: { Accept: "application/json", "X-Asked-By": "page", ...(etag && { "If-None-Match": etag }) },
      });
    } catch {
      wait = LONGEST;
      again();
      return;
    }
    if (answer.status === 200) {
      etag = answer.headers.get("ETag") ?? "";
      if (show(part, await answer.json())) {
        return;
      }
      wait = FIRST;
    } else if (answer.status !== 304) {
      return;
    } else {
      wait = Math.min(LONGEST, wait * 1.5);
    }
    again();
  };
  again();
}

// One answer: words for each mark inside the part, and a sentence for the one status line when the state changed.
function show(part, said) {
  for (const [name, text] of Object.entries(said.texts)) {
    for (const place of part.querySelectorAll(`[data-text="${CSS.escape(name)}"]`)) {
      if (place.textContent !== text) {
        place.textContent = text;
      }
    }
  }
  const status = part.querySelector("[role=status]");
  if (status && said.status && status.textContent !== said.status) {
    status.textContent = said.status;
  }
  if (said.reload) {
    part.querySelector("[data-when-done]")?.removeAttribute("hidden");
  }
  return said.done;
}
