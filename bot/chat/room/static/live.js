// News as they come. The browser takes a broken stream up again by itself; one it gave up on is opened anew.

const AGAIN_MS = 3000;

export class Live {
  /** `onLine(line)` for every line that changed; `onState(connected)`. */
  constructor({ onLine, onState }) {
    this.onLine = onLine;
    this.onState = onState;
    this.after = 0;
  }

  open(after) {
    this.after = Math.max(this.after, after);
    this.source = new EventSource(`/api/events?after=${this.after}`);
    this.source.addEventListener("open", () => this.onState(true));
    this.source.addEventListener("line", (event) => {
      const line = JSON.parse(event.data);
      this.after = Math.max(this.after, line.seq);
      this.onLine(line);
    });
    this.source.addEventListener("error", () => {
      this.onState(false);
      if (this.source.readyState === EventSource.CLOSED) setTimeout(() => this.open(this.after), AGAIN_MS);
    });
  }
}
