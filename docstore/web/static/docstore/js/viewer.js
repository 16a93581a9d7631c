// Turning pages without leaving: the parts of the page that change are fetched and put in place, with the next picture
// at hand already. Without this script every link and form does the same by loading a page.
//
// Knows the marks in the HTML (data-…) and nothing of documents. What comes from the server is parsed as a document of
// its own and moved over, never written as markup.
const PARTS = ["title", "toolbar", "viewer"];
const PAGE = /^\/documents\/[0-9a-f-]{36}\/pages\/\d+\/$/;
const KEPT_PICTURES = 4;

const part = (name, from = document) => from.querySelector(`[data-part="${name}"]`);
const shortcuts = () => localStorage.getItem("docstore-shortcuts") !== "off";

// Pictures that were fetched, newest last, as addresses of this page alone. The oldest are given back.
const pictures = new Map();

const nameOf = (address) => {
  const url = new URL(address, location.href);
  return `${url.pathname}?${url.searchParams.get("version") ?? ""}`;
};

async function fetchPicture(address) {
  const name = nameOf(address);
  if (!pictures.has(name)) {
    const answer = await fetch(address);
    if (!answer.ok) {
      return null;
    }
    pictures.set(name, URL.createObjectURL(await answer.blob()));
  }
  const found = pictures.get(name);
  pictures.delete(name);
  pictures.set(name, found);
  for (const [old, url] of [...pictures].slice(0, -KEPT_PICTURES)) {
    pictures.delete(old);
    URL.revokeObjectURL(url);
  }
  return found;
}

// The page after this one is the likeliest to come next, then the one before.
async function fetchAhead() {
  for (const link of document.querySelectorAll('.ds-toolbar a[rel="next"], .ds-toolbar a[rel="prev"]')) {
    const url = new URL(link.href);
    const version = url.searchParams.get("version");
    const address = new URL(`${url.pathname}picture/`, url);
    address.searchParams.set("for", "ahead");
    if (version) {
      address.searchParams.set("version", version);
    }
    try {
      await fetchPicture(address.href);
    } catch {
      return; // the page itself will say so when it is asked for
    }
  }
}

const whenIdle = window.requestIdleCallback ?? ((run) => setTimeout(run, 200));
let latest = 0;

// Fetch a page and put its parts in the places of ours. Whatever is not a page of a document is left to the browser.
async function show(address, { body = null, remember = true } = {}) {
  const turn = ++latest;
  const viewer = part("viewer");
  const said = document.querySelector("[data-said]");
  const held = heldFocus();
  viewer.setAttribute("aria-busy", "true");
  let answer, next;
  try {
    answer = await fetch(address, body ? { method: "POST", body } : {});
    if (!answer.ok || !PAGE.test(new URL(answer.url).pathname)) {
      location.assign(body ? location.href : address);
      return;
    }
    next = new DOMParser().parseFromString(await answer.text(), "text/html");
    if (!part("viewer", next) || next.querySelector("[data-messages]")) {
      location.assign(answer.url); // a message belongs to the whole page
      return;
    }
    const image = part("viewer", next).querySelector("image");
    const picture = image && (await fetchPicture(image.getAttribute("href")));
    if (picture) {
      image.setAttribute("href", picture);
    }
  } catch {
    viewer.removeAttribute("aria-busy");
    said.textContent = viewer.dataset.failed;
    said.classList.remove("govuk-visually-hidden");
    return;
  }
  if (turn !== latest) {
    return; // somebody was faster than the server: a later page is on its way
  }
  const open = !!document.querySelector("[data-keep-open]")?.open;
  for (const name of PARTS) {
    part(name).replaceWith(document.importNode(part(name, next), true));
  }
  document.querySelector("[data-keep-open]")?.toggleAttribute("open", open);
  document.title = next.title;
  if (remember) {
    history.pushState(null, "", answer.url);
  }
  settle(held);
  said.classList.add("govuk-visually-hidden");
  said.textContent = document.getElementById("picture").textContent;
}

// Where the focus was, in words that hold for the next page too.
function heldFocus() {
  const at = document.activeElement;
  if (at?.closest(".ds-thumbs")) {
    return ".ds-thumbs [aria-current]";
  }
  if (at?.closest(".ds-outline")) {
    return ".ds-outline [aria-current]";
  }
  if (at?.dataset?.key) {
    return `[data-key="${at.dataset.key}"]`;
  }
  if (at?.name === "turn") {
    return `[name="turn"][value="${at.value}"]`;
  }
  return at?.closest(".ds-text") ? ".ds-text" : ".ds-scan--page";
}

function settle(focus) {
  const target = focus && (document.querySelector(focus) ?? document.querySelector(".ds-scan--page"));
  target?.focus({ preventScroll: true });
  // The strip of small pictures shows the page that is open.
  const strip = document.querySelector(".ds-thumbs");
  const here = strip?.querySelector("[aria-current]");
  if (here) {
    strip.scrollTop = here.offsetTop - strip.clientHeight / 3;
    strip.scrollLeft = here.offsetLeft - strip.clientWidth / 3;
  }
  whenIdle(fetchAhead);
}

document.addEventListener("click", (event) => {
  const link = event.target.closest?.("[data-part] a[href]");
  const plain = event.button === 0 && !event.altKey && !event.ctrlKey && !event.metaKey && !event.shiftKey;
  if (!link || !plain || event.defaultPrevented) {
    return;
  }
  const url = new URL(link.href);
  if (url.origin === location.origin && PAGE.test(url.pathname) && !url.hash) {
    event.preventDefault();
    show(url.href);
  }
});

document.addEventListener("submit", (event) => {
  if (event.target.matches("form[data-turn]")) {
    event.preventDefault();
    show(event.target.action, { body: new FormData(event.target, event.submitter), remember: false });
  }
});

window.addEventListener("popstate", () => show(location.href, { remember: false }));

// Alt and an arrow, only while the focus is in the viewer, so that the browser's Back keeps working elsewhere.
document.addEventListener("keydown", (event) => {
  if (!event.altKey || event.ctrlKey || !shortcuts() || !event.target.closest?.("[data-part]")) {
    return;
  }
  const link = document.querySelector(`[data-key="${CSS.escape(event.key)}"]`);
  if (link || ["ArrowLeft", "ArrowRight"].includes(event.key)) {
    event.preventDefault(); // on the last page the key does nothing, rather than leave the document
    link?.click();
  }
});

settle(null);
