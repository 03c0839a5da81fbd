// The Room's API (docs/room.md). A refusal comes back as {notice}; what has no sentence gets one here.

const HEADERS = { "X-Reelroom": "1" };

const sentences = {
  401: "Your session is over. Open a new link: reelroom console --room",
  404: "That is not here any more.",
  413: "That is too large.",
};

async function call(path, options = {}) {
  let answer;
  try {
    answer = await fetch(path, { credentials: "same-origin", ...options, headers: { ...HEADERS, ...options.headers } });
  } catch {
    return { notice: { text: "I can't reach Reelroom. Is it still running?", tone: "bad" }, offline: true };
  }
  const content = await answer.json().catch(() => ({}));
  if (answer.ok || content.notice) return { ...content, ok: answer.ok };
  const text = sentences[answer.status] ?? `Something went wrong (${answer.status}).`;
  return { notice: { text, tone: "bad" }, ok: false };
}

const post = (path, body, signal) =>
  call(path, { method: "POST", body: JSON.stringify(body), signal, headers: { "Content-Type": "application/json" } });

export const catalogue = () => call("/api/catalogue");
export const threads = (before) => call(before ? `/api/threads?before=${before}` : "/api/threads");
export const thread = (id) => call(`/api/threads/${encodeURIComponent(id)}`);
export const draft = (text, attachments) => post("/api/draft", { text, attachments });
export const ask = (body) => post("/api/asks", body);
export const press = (action, subject, thread) => post("/api/press", { action, subject, thread: thread ?? "" });

export const upload = (file, signal) =>
  call("/api/uploads", {
    method: "POST",
    body: file,
    signal,
    headers: { "Content-Type": file.type || "application/octet-stream", "X-File-Name": encodeURIComponent(file.name) },
  });

export function newId() {
  const bytes = crypto.getRandomValues(new Uint8Array(16));
  return Array.from(bytes, (byte) => byte.toString(16).padStart(2, "0")).join("");
}
