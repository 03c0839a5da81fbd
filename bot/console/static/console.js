// What pages can do beyond reading: keep the part about now up to date, and be walked through with the keyboard.
// Without it everything still works.

const AGAIN_MS = 4000;

function follow(element) {
  const source = new EventSource(element.dataset.live);
  source.addEventListener("now", (event) => {
    const held = element.contains(document.activeElement) ? document.activeElement.getAttribute("href") : null;
    element.innerHTML = JSON.parse(event.data);
    if (held) element.querySelector(`[href="${CSS.escape(held)}"]`)?.focus();
  });
  source.addEventListener("open", () => element.setAttribute("data-on", ""));
  source.addEventListener("over", () => {
    source.close();
    location.reload();
  });
  source.addEventListener("error", () => {
    element.removeAttribute("data-on");
    if (source.readyState === EventSource.CLOSED) setTimeout(() => follow(element), AGAIN_MS);
  });
}

/** Show an element once something waits that is not on this page, or no longer does. */
function notice(element) {
  const source = new EventSource(element.dataset.news);
  source.addEventListener("now", (event) => {
    element.hidden = JSON.parse(event.data) === element.dataset.shown;
  });
  source.addEventListener("over", () => source.close());
  source.addEventListener("open", () => element.setAttribute("data-on", ""));
}

const isTyping = (element) => element.matches("input, select, textarea, [contenteditable]");

/** j and k walk through the rows, / goes to the first field; a row may have keys of its own. */
function walk(event) {
  if (event.ctrlKey || event.metaKey || event.altKey || isTyping(event.target)) return;
  const rows = [...document.querySelectorAll(".row-link")];
  const at = rows.indexOf(document.activeElement.closest(".row-link"));
  if (event.key === "j") (rows[at + 1] ?? rows[0])?.focus();
  else if (event.key === "k") (rows[at - 1] ?? rows.at(-1))?.focus();
  else if (event.key === "/") document.querySelector("main input:not([type=hidden])")?.focus();
  else if (!answer(rows[at], event.key)) return;
  event.preventDefault();
}

/** The keys of the thing one stands at: a button is pressed, a field is gone to. */
function answer(at, key) {
  const target = at?.querySelector(`[data-key="${CSS.escape(key)}"]`);
  if (target?.localName === "button") target.click();
  else target?.focus();
  return Boolean(target);
}

// On a phone the pages stand in one line, and the one that is open may be far along it.
document.querySelector("nav [aria-current]")?.scrollIntoView({ block: "nearest", inline: "center" });
for (const element of document.querySelectorAll("[data-live]")) follow(element);
for (const element of document.querySelectorAll("[data-news]")) notice(element);
document.addEventListener("keydown", walk);
document.documentElement.setAttribute("data-ready", "");
