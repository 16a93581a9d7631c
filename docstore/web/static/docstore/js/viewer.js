// Alt and an arrow turn the page, only while the focus is in the viewer, so that the browser's Back keeps working elsewhere.
const viewer = document.querySelector("[data-viewer]");
const go = (rel) => document.querySelector(`.ds-toolbar a[rel=${rel}]`)?.click();

viewer?.addEventListener("keydown", (event) => {
  if (!event.altKey || localStorage.getItem("docstore-shortcuts") === "off") {
    return;
  }
  const rel = { ArrowLeft: "prev", ArrowRight: "next" }[event.key];
  if (rel) {
    event.preventDefault();
    go(rel);
  }
});

// The strip of small pictures begins at the page that is open.
const here = viewer?.querySelector(".ds-thumbs [aria-current]");
const strip = viewer?.querySelector(".ds-thumbs");
if (here && strip) {
  strip.scrollTop = here.offsetTop - strip.clientHeight / 3;
  strip.scrollLeft = here.offsetLeft - strip.clientWidth / 3;
}
