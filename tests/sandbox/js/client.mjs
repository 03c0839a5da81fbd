// fal's JavaScript client against a sandbox; prints what it saw as JSON. Usage: node client.mjs URL
import { createFalClient } from "@fal-ai/client";

const url = process.argv[2];
const endpoint = "fal-ai/pixverse/v4.5/text-to-video";
const input = { prompt: "a paper boat", resolution: "360p" };
const hosts = /^https:\/\/(queue\.fal\.run|rest\.fal\.ai)/;
const direct = /^https:\/\/fal\.run/;
const seen = {};

const fal = createFalClient({
  credentials: "made-up:secret",
  requestMiddleware: async (request) => ({
    ...request,
    url: request.url.replace(direct, `${url}/fal.run`).replace(hosts, url),
  }),
});

const polled = [];
const subscribed = await fal.subscribe(endpoint, {
  input,
  logs: true,
  pollInterval: 20,
  onQueueUpdate: (update) => polled.push(update.status),
});
seen.polled = { last: polled.at(-1), video: subscribed.data.video.url, requestId: subscribed.requestId };

const streamed = [];
const followed = await fal.subscribe(endpoint, {
  input,
  logs: true,
  mode: "streaming",
  onQueueUpdate: (update) => streamed.push(update.status),
});
seen.streamed = { last: streamed.at(-1), video: followed.data.video.url };

// An input of its own, so that it takes a moment to render.
const submitted = await fal.queue.submit(endpoint, { input: { prompt: "a paper kite", resolution: "720p" } });
const events = [];
const stream = await fal.queue.streamStatus(endpoint, { requestId: submitted.request_id, logs: true });
for await (const event of stream) events.push(event.status);
await stream.done();
seen.events = { first: events[0], last: events.at(-1) };
seen.fetched = (await fal.queue.result(endpoint, { requestId: submitted.request_id })).data.video.content_type;

const stuck = await fal.queue.submit(endpoint, { input: { prompt: "sandbox:stuck" } });
await fal.queue.cancel(endpoint, { requestId: stuck.request_id });
seen.cancelled = (await fal.queue.status(endpoint, { requestId: stuck.request_id })).status;

try {
  await fal.subscribe(endpoint, { input: { prompt: "x", resolution: "8k" }, pollInterval: 20 });
} catch (error) {
  seen.rejected = { name: error.name, status: error.status, fields: error.fieldErrors.map((one) => one.type) };
}

seen.run = (await fal.run(endpoint, { input })).data.video.content_type;
seen.small = await fal.storage.upload(new Blob(["hello"], { type: "text/plain" }));
seen.large = await fal.storage.upload(new Blob([new Uint8Array(91 * 1024 * 1024).fill(7)], { type: "video/mp4" }));

const proxied = createFalClient({ proxyUrl: { url: `${url}/api/fal/proxy`, when: "always" }, credentials: "a:b" });
seen.proxied = (await proxied.subscribe(endpoint, { input, pollInterval: 20 })).data.video.content_type;

console.log(JSON.stringify(seen));
