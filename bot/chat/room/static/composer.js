// The message box: completion, files, the price while typing, and sending.

import * as api from "./api.js";
import { Chooser } from "./chooser.js";
import { $, h } from "./dom.js";
import { Files } from "./files.js";

const QUIET_MS = 250;

export class Composer {
  /** `onSent(answer)` after an ask was taken; `thread()` gives the open thread or null. */
  constructor({ catalogue, onSent, thread }) {
    this.box = $("box");
    this.onSent = onSent;
    this.thread = thread;
    this.chooser = new Chooser(this.box, catalogue);
    this.files = new Files({
      limitBytes: catalogue.upload_bytes,
      onChange: () => this.changed(),
      onProblem: (text) => this.refuse(text),
    });
    this.id = api.newId();
    this.turn = 0;
    this.busy = false;
    this.box.addEventListener("input", () => {
      this.chooser.update();
      this.changed();
    });
    this.box.addEventListener("click", () => this.chooser.update());
    this.box.addEventListener("keydown", (event) => this.key(event));
    this.box.addEventListener("paste", (event) => this.paste(event));
    $("composer").addEventListener("submit", (event) => {
      event.preventDefault();
      this.send();
    });
    $("attach").addEventListener("click", () => $("picker").click());
    $("picker").addEventListener("change", (event) => {
      this.files.add([...event.target.files]);
      event.target.value = "";
      this.box.focus();
    });
    this.watchDrops();
    this.changed();
  }

  put(text, attachments = null) {
    if (attachments) this.files.put(attachments);
    this.box.value = text;
    this.box.focus();
    this.box.setSelectionRange(text.length, text.length);
    this.chooser.update();
    this.changed();
  }

  changed() {
    this.id = api.newId();
    this.refuse("");
    this.fit();
    $("send").disabled = this.busy || !this.box.value.trim();
    const turn = ++this.turn;
    setTimeout(() => turn === this.turn && this.estimate(turn), QUIET_MS);
  }

  fit() {
    this.box.style.height = "auto";
    this.box.style.height = `${this.box.scrollHeight}px`;
  }

  /** The price, or what is still missing, of what stands in the box now. */
  async estimate(turn) {
    const text = this.box.value.trim();
    if (!text) {
      const count = this.files.items.length;
      this.price = null;
      $("facts").replaceChildren(count ? h("p", {}, `Now say what should happen: type /`) : "");
      return;
    }
    if (/^\/\S*$/u.test(text) && this.chooser.isOpen) return $("facts").replaceChildren();
    const answer = await api.draft(text, this.files.attachments);
    if (turn !== this.turn) return;
    this.price = answer.draft ? answer.draft.cost_microusd : null;
    if (!$("refusal").hidden) return;
    // while somebody is choosing, what is missing is no news
    const problems = () => (this.chooser.isOpen ? "" : h("p", {}, answer.notice.text.replaceAll("\n", " ")));
    $("facts").replaceChildren(answer.draft ? priceLine(answer.draft) : problems());
  }

  key(event) {
    if (this.chooser.key(event)) {
      event.preventDefault();
    } else if (event.key === "Enter" && !event.shiftKey && !event.isComposing) {
      event.preventDefault();
      this.send();
    } else if (event.key === "Escape") {
      this.refuse("");
    }
  }

  async send() {
    if (this.busy || !this.box.value.trim()) return;
    this.setBusy(true);
    this.chooser.close();
    await this.files.uploads;
    const body = { id: this.id, text: this.box.value, thread: this.thread(), attachments: this.files.attachments };
    if (this.price !== null && this.price !== undefined) body.price_seen_microusd = this.price;
    const answer = body.attachments.every((one) => one.handle) ? await api.ask(body) : null;
    this.setBusy(false);
    if (!answer) return;
    if (!answer.ok) return this.refuse(answer.notice.text);
    this.box.value = "";
    this.files.clear();
    this.changed();
    if (answer.notice) this.tell(answer.notice);
    else this.onSent(answer);
  }

  /** What is said once and kept in no thread: it stands below the box until something is typed. */
  tell(notice) {
    this.turn += 1;
    const lines = [...notice.text.split("\n"), notice.detail].filter(Boolean);
    const buttons = notice.buttons.map((one) => h("button.told", { type: "button", onclick: () => this.press(one) }, one.label));
    $("facts").replaceChildren(...lines.map((line) => h("p.told", {}, line)), ...buttons);
    if (notice.document) handOver(notice.document);
  }

  async press({ action, subject }) {
    this.tell((await api.press(action, subject)).notice);
  }

  setBusy(busy) {
    this.busy = busy;
    $("send").toggleAttribute("data-busy", busy);
    $("send").disabled = busy || !this.box.value.trim();
  }

  refuse(text) {
    if (text) $("facts").replaceChildren();
    $("refusal").textContent = text;
    $("refusal").hidden = !text;
  }

  paste(event) {
    const files = [...(event.clipboardData?.files ?? [])];
    if (!files.length) return;
    event.preventDefault();
    this.files.add(files);
  }

  watchDrops() {
    const isFile = (event) => [...(event.dataTransfer?.types ?? [])].includes("Files");
    const show = (on) => $("drop").toggleAttribute("data-on", on);
    window.addEventListener("dragover", (event) => {
      if (!isFile(event)) return;
      event.preventDefault();
      show(true);
    });
    window.addEventListener("dragleave", (event) => event.relatedTarget === null && show(false));
    window.addEventListener("drop", (event) => {
      if (!isFile(event)) return;
      event.preventDefault();
      show(false);
      this.files.add([...event.dataTransfer.files]);
      this.box.focus();
    });
  }
}

function priceLine({ price, estimated, unpriced, title, joined }) {
  const cost = unpriced ? "no price known" : (estimated ? "about " : "") + price;
  const joins = joined ? " · two pictures become one, side by side" : "";
  return h("p", {}, h("span.price", {}, cost), `${title}${joins}`);
}

/** A text file, into the browser's downloads. */
function handOver({ name, text }) {
  const url = URL.createObjectURL(new Blob([text], { type: "application/json" }));
  h("a", { href: url, download: name }).click();
  setTimeout(() => URL.revokeObjectURL(url), 1000);
}
