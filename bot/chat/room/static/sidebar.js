// The list of threads, newest first.

import * as api from "./api.js";
import { $, h, when } from "./dom.js";

const NOTES = { waiting: "waiting", working: "rendering", bad: "did not work", plain: "ended" };

export class Sidebar {
  constructor() {
    this.element = $("threads");
    this.threads = new Map();
    this.more = false;
    this.current = "";
  }

  async load() {
    const oldest = Math.min(...[...this.threads.values()].map((one) => one.number));
    const answer = await api.threads(this.threads.size ? oldest : undefined);
    if (!answer.ok) return answer;
    this.more = answer.more;
    for (const thread of answer.threads) this.threads.set(thread.id, thread);
    this.draw();
    return answer;
  }

  /** A line came: its thread's face changes, and a thread nobody knew appears. */
  async hear(line) {
    let thread = this.threads.get(line.thread);
    if (!thread) {
      const answer = await api.thread(line.thread);
      if (!answer.ok) return;
      thread = answer.thread;
      this.threads.set(thread.id, thread);
    }
    if (line.kind === "status") thread.tone = line.notice.tone;
    if (line.kind === "say" && line.notice.tone === "bad" && !thread.tone) thread.tone = "bad";
    if (line.kind === "reel") thread.poster = line.reel.sha256;
    this.draw();
  }

  select(id) {
    this.current = id;
    this.draw();
  }

  draw() {
    const sorted = [...this.threads.values()].sort((a, b) => b.number - a.number);
    const rows = sorted.map((thread) => this.row(thread));
    if (!rows.length) rows.push(h("p.threads-empty", {}, "Your reels will be listed here."));
    if (this.more) rows.push(h("button.more", { type: "button", onclick: () => this.load() }, "Show older ones"));
    const held = this.element.contains(document.activeElement) ? document.activeElement.getAttribute("href") : null;
    this.element.replaceChildren(...rows);
    if (held) this.element.querySelector(`[href="${CSS.escape(held)}"]`)?.focus();
  }

  row({ id, title, tone, poster, at }) {
    const image = poster ? h("img", { src: `/thumbnails/${poster}.jpg`, alt: "", loading: "lazy" }) : null;
    image?.addEventListener("error", () => image.remove());
    const [, command, rest] = /^\/(\S+)\s*([^]*)$/u.exec(title) ?? [null, "", title];
    const note = [command, NOTES[tone] ?? when(at)].filter(Boolean).join(" · ");
    return h(
      "a.thread",
      { href: `#/t/${id}`, "aria-current": this.current === id ? "page" : null },
      h("span.thread-face", {}, image, h("i.thread-dot", { data: { tone } })),
      h("span", {}, h("div.thread-title", {}, rest.replace(/\s--[^]*$/u, "") || `/${command}`), h("div.thread-note", {}, note)),
    );
  }
}
