// The Room: puts the parts together and follows the address (#/ is a new reel, #/t/<id> a thread).

import * as api from "./api.js";
import { Composer } from "./composer.js";
import { $, h, written } from "./dom.js";
import { Feed } from "./feed.js";
import { Live } from "./live.js";
import { Sidebar } from "./sidebar.js";

const TOAST_MS = 5000;

const here = () => /^#\/t\/([\w-]+)$/u.exec(location.hash)?.[1] ?? null;

function toast(notice) {
  const element = h("div.toast", { data: { tone: notice.tone } }, notice.text);
  $("toasts").append(element);
  setTimeout(() => element.remove(), TOAST_MS);
}

function openSide(open) {
  if (open) document.body.dataset.side = "open";
  else delete document.body.dataset.side;
}

class App {
  constructor(catalogue) {
    this.catalogue = catalogue;
    this.sidebar = new Sidebar();
    this.feed = new Feed({ onPress: (button, element) => this.press(button, element) });
    this.composer = new Composer({ catalogue, onSent: (answer) => this.sent(answer), thread: here });
    this.live = new Live({ onLine: (line) => this.hear(line), onState: (on) => this.state(on) });
  }

  async start() {
    this.draw();
    window.addEventListener("hashchange", () => this.go());
    $("side-open").addEventListener("click", () => openSide(true));
    $("side-close").addEventListener("click", () => openSide(false));
    $("veil").addEventListener("click", () => openSide(false));
    window.addEventListener("keydown", (event) => {
      if (event.key === "Escape") openSide(false);
      const free = document.activeElement === document.body;
      if (free && event.key === "/") {
        event.preventDefault();
        this.composer.put(this.composer.box.value || "/");
      }
    });
    const answer = await this.sidebar.load();
    if (!answer.ok) return toast(answer.notice);
    this.live.open(answer.after);
    await this.go();
  }

  /** The welcome's doors into the box. */
  draw() {
    const effect = this.catalogue.commands.find((one) => one.name === "effect");
    const first = effect ? "/effect Kiss Me AI" : `/${this.catalogue.commands[0]?.name ?? ""} `;
    $("step-photo").addEventListener("click", () => $("picker").click());
    $("step-effect").addEventListener("click", () => this.composer.put(first));
    const ideas = {
      effect: "/effect Muscle Surge",
      animate: "/animate the wind moves her hair",
      video: "/video a fox runs through snow at dawn",
      transition: "/transition from day to night",
    };
    const possible = this.catalogue.commands.filter((one) => ideas[one.name]).map((one) => ideas[one.name]);
    $("ideas").replaceChildren(
      ...possible.slice(0, 4).map((text) => h("button.idea", { type: "button", onclick: () => this.composer.put(text) }, ...written(text))),
    );
  }

  async go() {
    const id = here();
    openSide(false);
    this.sidebar.select(id);
    if (!id) return this.showWelcome();
    const answer = await api.thread(id);
    if (here() !== id) return;
    if (!answer.ok) {
      toast(answer.notice);
      location.hash = "#/";
      return;
    }
    $("welcome").hidden = true;
    $("feed").hidden = false;
    this.title(answer.thread.title);
    $("box").placeholder = "Ask for more in this thread, or type /";
    this.feed.show(id, answer.lines);
  }

  showWelcome() {
    this.feed.show(null, []);
    $("feed").hidden = true;
    $("welcome").hidden = false;
    $("box").placeholder = "Type / for what I can do";
    this.title("New reel");
    $("scroll").scrollTop = 0;
    if (matchMedia("(hover: hover)").matches) $("box").focus();
  }

  title(text) {
    $("title").textContent = text;
    document.title = text === "New reel" ? "Reelroom" : `${text} · Reelroom`;
  }

  sent(answer) {
    if (here() === answer.thread) return;
    location.hash = `#/t/${answer.thread}`;
  }

  hear(line) {
    this.sidebar.hear(line);
    if (line.thread === here()) this.feed.put(line);
  }

  state(on) {
    $("link-state").dataset.state = on ? "on" : "off";
    $("link-state").lastElementChild.textContent = on ? "Connected" : "Reconnecting …";
  }

  async press(button, element) {
    if (button.action === "change") {
      const ask = this.feed.askOf(button.subject);
      if (ask) this.composer.put(ask.text, ask.attachments);
      return;
    }
    element.disabled = true;
    const answer = await api.press(button.action, button.subject, here());
    element.disabled = false;
    toast(answer.notice);
  }
}

const catalogue = await api.catalogue();
if (catalogue.ok) await new App(catalogue).start();
else toast(catalogue.notice);
document.documentElement.dataset.ready = "";
