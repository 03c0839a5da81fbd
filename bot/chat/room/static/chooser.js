// The list above the box: shows what completion.js finds, and lets the keyboard or a finger take one.

import { complete, suggest } from "./completion.js";
import { $, h } from "./dom.js";

const MOST = 60;

export class Chooser {
  constructor(box, catalogue) {
    this.box = box;
    this.catalogue = catalogue;
    this.panel = $("completion");
    this.list = $("completion-list");
    this.found = null;
    this.active = -1;
    this.list.addEventListener("pointerdown", (event) => event.preventDefault());
    this.list.addEventListener("click", (event) => {
      const row = event.target.closest("[role=option]");
      if (row) this.take(Number(row.dataset.place));
    });
    this.list.addEventListener("pointermove", (event) => {
      const row = event.target.closest("[role=option]");
      if (row && Number(row.dataset.place) !== this.active) this.mark(Number(row.dataset.place), false);
    });
    box.addEventListener("blur", () => this.close());
  }

  get isOpen() {
    return this.found !== null;
  }

  update() {
    const { box } = this;
    const found = box.selectionStart === box.selectionEnd ? suggest(box.value, box.selectionStart, this.catalogue) : null;
    if (!found) return this.close();
    this.found = found;
    $("completion-head").replaceChildren(h("strong", {}, found.title), found.help);
    this.list.replaceChildren(...found.items.slice(0, MOST).map((item, place) => this.row(item, place)));
    this.panel.hidden = false;
    box.setAttribute("aria-expanded", "true");
    this.list.scrollTop = 0;
    // nothing is marked over a whole answer, so that Enter sends it
    this.mark(complete(found) || !found.query.trim() ? -1 : 0);
  }

  close() {
    this.found = null;
    this.active = -1;
    this.panel.hidden = true;
    this.box.setAttribute("aria-expanded", "false");
    this.box.removeAttribute("aria-activedescendant");
  }

  row(item, place) {
    return h(
      "li.choice",
      { role: "option", id: `choice-${place}`, "aria-selected": "false", data: { place } },
      h("span.choice-name", {}, ...this.marked(item.label)),
      h("span.choice-help", {}, item.help || ""),
      item.note ? h("span.choice-note", {}, item.note) : null,
    );
  }

  marked(label) {
    const query = this.found.query.trim();
    const at = query ? label.toLowerCase().indexOf(query.toLowerCase()) : -1;
    if (at < 0) return [label];
    return [label.slice(0, at), h("mark", {}, label.slice(at, at + query.length)), label.slice(at + query.length)];
  }

  mark(place, scroll = true) {
    this.list.children[this.active]?.setAttribute("aria-selected", "false");
    this.active = place;
    const row = this.list.children[place];
    if (!row) return this.box.removeAttribute("aria-activedescendant");
    row.setAttribute("aria-selected", "true");
    this.box.setAttribute("aria-activedescendant", row.id);
    if (scroll) row.scrollIntoView({ block: "nearest" });
  }

  /** Whether the key was for the list. */
  key(event) {
    if (!this.isOpen || event.isComposing) return false;
    const count = this.list.children.length;
    switch (event.key) {
      case "ArrowDown":
        this.mark((this.active + 1) % count);
        return true;
      case "ArrowUp":
        this.mark((Math.max(this.active, 0) - 1 + count) % count);
        return true;
      case "Tab":
        if (event.shiftKey) return false;
        this.take(Math.max(this.active, 0));
        return true;
      case "Enter":
        if (event.shiftKey || this.active < 0) return false;
        this.take(this.active);
        return true;
      case "Escape":
        this.close();
        return true;
      default:
        return false;
    }
  }

  take(place) {
    const { from, to, items } = this.found;
    const { insert } = items[place];
    const rest = this.box.value.slice(to);
    const gap = /^\s/u.test(rest) ? "" : " ";
    this.box.setRangeText(insert + gap, from, to, "end");
    if (!gap) this.box.selectionStart = this.box.selectionEnd = from + insert.length + 1;
    this.close();
    this.box.focus();
    this.box.dispatchEvent(new Event("input", { bubbles: true }));
  }
}
