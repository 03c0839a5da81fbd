// Files on their way: picked, dropped or pasted; uploaded at once, shown as a row of faces above the box.

import * as api from "./api.js";
import { $, h, icon } from "./dom.js";

export class Files {
  /** `onChange()` after every change; `onProblem(text)`. */
  constructor({ limitBytes, onChange, onProblem }) {
    this.limitBytes = limitBytes;
    this.onChange = onChange;
    this.onProblem = onProblem;
    this.row = $("files");
    this.items = [];
  }

  /** As the API takes them; `handle` is "" while a file is still on its way. */
  get attachments() {
    return this.items.map(({ handle, name, type, size }) => ({ handle, name, content_type: type, size_bytes: size }));
  }

  get uploads() {
    return Promise.all(this.items.map((item) => item.done));
  }

  add(list) {
    const large = list.filter((file) => file.size > this.limitBytes);
    for (const file of list) if (!large.includes(file)) this.take(file);
    this.onChange();
    const most = `at most ${Math.floor(this.limitBytes / 1e6)} MB`;
    if (large.length) this.onProblem(large.map((file) => `${file.name} is too large: ${most}.`).join("\n"));
  }

  take(file) {
    const item = { handle: "", name: file.name || "picture.png", type: file.type, size: file.size, stop: new AbortController() };
    item.url = URL.createObjectURL(file);
    item.face = this.faceOf(item, item.url);
    item.face.dataset.state = "busy";
    item.done = api.upload(new File([file], item.name, { type: file.type }), item.stop.signal).then((answer) => {
      if (!this.items.includes(item)) return;
      if (answer.handle) {
        item.handle = answer.handle;
        item.type = answer.content_type || item.type;
        delete item.face.dataset.state;
      } else {
        this.remove(item);
        this.onProblem(answer.notice.text);
        return;
      }
      this.onChange();
    });
    this.items.push(item);
  }

  /** What was attached to an earlier ask. */
  put(attachments) {
    this.clear();
    for (const one of attachments) {
      const item = { handle: one.handle, name: one.name, type: one.content_type, size: one.size_bytes, done: Promise.resolve() };
      item.face = this.faceOf(item, `/staged/${one.handle}`);
      this.items.push(item);
    }
  }

  remove(item) {
    this.items = this.items.filter((one) => one !== item);
    item.stop?.abort();
    item.face.remove();
    if (item.url) URL.revokeObjectURL(item.url);
    this.onChange();
  }

  clear() {
    for (const item of [...this.items]) {
      item.face.remove();
      if (item.url) URL.revokeObjectURL(item.url);
    }
    this.items = [];
  }

  faceOf(item, url) {
    const off = h("button.file-off", { type: "button", "aria-label": `Remove ${item.name}`, onclick: () => this.remove(item) }, icon("close"));
    const face = h("div.file", { title: item.name }, h("div.file-face", {}, pictured(item.type, url, item.name)), off);
    this.row.append(face);
    return face;
  }
}

/** A picture or film of a file; where the browser cannot show it, its name. */
export function pictured(type, url, name) {
  const plain = () => h("div", {}, icon("file"), h("span", {}, name));
  if (type.startsWith("video/")) {
    return h("video", { src: url, muted: true, playsinline: true, preload: "metadata", "aria-label": name });
  }
  if (!type.startsWith("image/")) return plain();
  const image = h("img", { src: url, alt: name });
  image.addEventListener("error", () => image.replaceWith(plain()));
  return image;
}
