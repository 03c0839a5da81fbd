// One thread on the page. A line that changes keeps its element, so that a video plays on.

import { $, calm, h, icon, when, written } from "./dom.js";
import { pictured } from "./files.js";

const ICONS = { cancel: "cancel", again: "again", change: "change", deliver: "again" };
const YES = new Set(["confirm", "still"]);
const MOVING = new Set(["waiting", "working"]);

export class Feed {
  /** `onPress(button, element)` when a button of a line is pressed. */
  constructor({ onPress }) {
    this.onPress = onPress;
    this.element = $("feed");
    this.scroll = $("scroll");
    this.lines = new Map();
    this.spoken = "";
    this.watcher = new IntersectionObserver((seen) => seen.forEach(playing), { threshold: 0.5 });
  }

  /** Show a thread. News of it that came while `lines` were on their way are kept. */
  show(thread, lines) {
    const news = [...this.lines.values()].map((one) => one.line).filter((line) => line.thread === thread);
    this.watcher.disconnect();
    this.lines.clear();
    this.element.replaceChildren();
    for (const line of [...lines, ...news]) this.put(line, false);
    this.toEnd(false);
  }

  /** The text and files of the ask a button is about. */
  askOf(subject) {
    const asks = [...this.lines.values()].map((one) => one.line).filter((line) => line.kind === "ask");
    return asks.find((line) => line.subject === subject) ?? asks.at(-1);
  }

  put(line, follow = true) {
    const known = this.lines.get(line.key);
    if (known && known.line.seq >= line.seq) return;
    const near = this.scroll.scrollHeight - this.scroll.scrollTop - this.scroll.clientHeight < 160;
    if (known) {
      const was = known.line.kind;
      known.line = line;
      if (was !== line.kind) this.replace(known, line);
      else if (line.kind !== "reel") this.fill(known.element, line);
    } else {
      const element = this.elementOf(line);
      const later = [...this.lines.values()].filter((one) => one.line.number > line.number).sort((a, b) => a.line.number - b.line.number)[0];
      this.element.insertBefore(element, later?.element ?? null);
      this.lines.set(line.key, { line, element });
    }
    if (follow && line.notice) this.speak(line.notice);
    if (follow && (near || line.kind === "ask")) this.toEnd(true);
  }

  /** A reel that was taken away becomes a line of words, and the other way round. */
  replace(known, line) {
    const element = this.elementOf(line);
    known.element.replaceWith(element);
    known.element = element;
  }

  elementOf(line) {
    if (line.kind === "ask") return askElement(line);
    if (line.kind === "reel") return this.reelElement(line);
    const element = h("article.line.said", { data: { kind: line.kind } });
    this.fill(element, line);
    return element;
  }

  fill(element, { kind, notice }) {
    element.dataset.tone = notice.tone;
    element.toggleAttribute("data-settled", kind === "status" && notice.tone === "good");
    const bar = kind === "status" && MOVING.has(notice.tone) ? barOf(element.querySelector(".said-bar"), notice.progress) : null;
    const many = notice.text.includes("\n");
    const parts = [
      h("span.said-mark", { "aria-hidden": "true" }),
      h("div.said-text", { "data-many": many }, notice.text),
      notice.detail && notice.tone !== "good" ? h("div.said-detail", {}, notice.detail) : null,
      bar,
      this.buttons("div.said-buttons", notice.buttons),
    ].filter(Boolean);
    const held = element.contains(document.activeElement) ? document.activeElement.dataset.action : null;
    element.replaceChildren(...parts);
    if (held) element.querySelector(`[data-action="${held}"]`)?.focus();
  }

  buttons(what, buttons, ...more) {
    if (!buttons.length && !more.length) return null;
    const made = buttons.map((button) => {
      const kind = YES.has(button.action) ? "yes" : undefined;
      const face = ICONS[button.action] ? icon(ICONS[button.action]) : null;
      const element = h("button.button", { type: "button", data: { action: button.action, ...(kind && { kind }) } }, face, button.label);
      element.addEventListener("click", () => this.onPress(button, element));
      return element;
    });
    return h(what, {}, ...made, ...more);
  }

  reelElement({ notice, reel, file_name: fileName }) {
    const url = `/reels/${reel.sha256}.mp4`;
    const video = h("video", {
      src: url,
      poster: `/thumbnails/${reel.sha256}.jpg`,
      width: reel.width_px,
      height: reel.height_px,
      controls: true,
      loop: true,
      playsinline: true,
      preload: "metadata",
      "aria-label": notice.text || "Your reel",
    });
    video.muted = true;
    video.addEventListener("error", () => video.replaceWith(h("p.gone", {}, "The file of this reel is gone.")));
    if (!calm()) this.watcher.observe(video);
    const save = h("a.icon-button", { href: url, download: fileName, "aria-label": "Save the video", title: "Save the video" }, icon("save"));
    const article = h(
      "article.line.reel",
      {},
      video,
      h("div.reel-about", {}, h("div.reel-text", {}, notice.text), h("div.reel-detail", {}, notice.detail)),
      this.buttons("div.reel-foot", notice.buttons, save),
    );
    article.style.setProperty("--ratio", String(reel.width_px / reel.height_px || 1));
    return article;
  }

  toEnd(smoothly) {
    const behavior = smoothly && !calm() ? "smooth" : "auto";
    requestAnimationFrame(() => this.scroll.scrollTo({ top: this.scroll.scrollHeight, behavior }));
  }

  /** Said aloud by a screen reader: each new thing once, not every second that passes. */
  speak(notice) {
    const gist = notice.text.replace(/[\d:.,%]+/gu, "");
    if (gist === this.spoken) return;
    this.spoken = gist;
    $("spoken").textContent = notice.text;
  }
}

function askElement(line) {
  const files = line.attachments.map((one) => h("div", {}, shownFile(one)));
  return h(
    "article.line.ask",
    { "aria-label": "You asked" },
    files.length ? h("div.ask-files", {}, ...files) : null,
    h("div.bubble", { title: when(line.at) }, ...written(line.text)),
  );
}

function shownFile(one) {
  const shown = pictured(one.content_type || "image/", `/staged/${one.handle}`, one.name);
  if (shown.localName !== "div") return shown;
  return h("span.chip", {}, icon("file"), h("span", {}, one.name));
}

function barOf(old, share) {
  const bar = old ?? h("div.said-bar", { role: "progressbar", "aria-label": "Progress", "aria-valuemin": 0, "aria-valuemax": 100 }, h("i"));
  const known = typeof share === "number";
  bar.toggleAttribute("data-unknown", !known);
  if (known) {
    bar.style.setProperty("--share", String(share));
    bar.setAttribute("aria-valuenow", String(Math.round(share * 100)));
  } else {
    bar.removeAttribute("aria-valuenow");
  }
  return bar;
}

function playing({ target, isIntersecting }) {
  if (isIntersecting && target.muted) target.play().catch(() => {});
  else if (!isIntersecting) target.pause();
}
