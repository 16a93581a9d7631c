// What stands above the page is kept fresh while the page is open: a paper that comes in for a case heard now is told at once.
//
// Asks once a minute and when the page is looked at again, never while it is hidden. That it asks is no sign of a person:
// the header says so, and the session ends as if it had not. Text goes in as text.
const EVERY = 60000;
const section = document.querySelector("[data-notices]");

if (section) {
  const list = section.querySelector("ul");
  const status = document.querySelector("[data-notices-said]");
  const said = () => [...list.children].map((one) => one.textContent);

  const show = (notices) => {
    const fresh = notices.filter((one) => !said().includes(one));
    if (!fresh.length && notices.length === said().length) {
      return;
    }
    list.replaceChildren(
      ...notices.map((text) => Object.assign(document.createElement("li"), { textContent: text })),
    );
    section.hidden = !notices.length;
    status.textContent = fresh.join(" ");
  };

  const ask = async () => {
    if (document.hidden) {
      return;
    }
    try {
      const answer = await fetch(section.dataset.notices, {
        headers: { Accept: "application/json", "X-Asked-By": "page" },
        redirect: "manual",
      });
      if (answer.ok) {
        show((await answer.json()).notices);
      }
    } catch {
      // The line is down for now; the next minute asks again.
    }
  };

  setInterval(ask, EVERY);
  document.addEventListener("visibilitychange", ask);
}
