// A stand-in for the server: the built application, an API in memory and the agents' socket. `node dev/fake-server.mjs [port]`
// EMPTY=1 shows a shop without a single conversation; SLOW=ms delays every answer.
import { createHash } from "node:crypto";
import { readFile } from "node:fs/promises";
import { createServer } from "node:http";
import { extname, join } from "node:path";
import { fileURLToPath } from "node:url";
import * as data from "./fake-data.mjs";

const root = fileURLToPath(new URL("../../src/prilavok/web/static/", import.meta.url));
const types = { ".html": "text/html; charset=utf-8", ".js": "text/javascript", ".css": "text/css", ".svg": "image/svg+xml", ".webmanifest": "application/manifest+json" };
const csp = "default-src 'self'; script-src 'self'; style-src 'self' 'unsafe-inline'";
const slow = Number(process.env.SLOW ?? 0);
let conversations = process.env.EMPTY ? [] : data.conversations;
let inboxes = process.env.EMPTY ? [] : data.inboxes;
const me = { ...data.agents[0], language: process.env.LANGUAGE_OF_AGENT ?? "ru", theme: "auto" };
let signedIn = true;
let seq = 100;
const drafts = new Map();
const sockets = new Set();
const bodies = new Map();

const find = (id) => conversations.find((one) => one.id === id);
const rank = (c) => (c.waiting_since ? Date.parse(c.waiting_since) : 2 ** 52 - Date.parse(c.last_message.at));
const mine = (who) => (c) => (who === "me" ? c.assignee?.id === me.id : who === "none" ? !c.assignee : true);
const tell = (event) => sockets.forEach((socket) => socket.write(frame({ seq: ++seq, ...event })));
const problem = (status, detail, field) => ({ status, type: "application/problem+json", body: { type: "about:blank", title: "Problem", status, detail, ...(field ? { field } : {}) } });

function listed(query) {
  const [status, who, inbox, tag, q, from, limit] = ["status", "assignee", "inbox", "tag", "q", "cursor", "limit"].map((name) => query.get(name));
  const found = conversations.filter((c) => c.status === (status ?? "open") && mine(who)(c) && (!inbox || c.inbox.id === inbox) && (!tag || c.tags.includes(tag)) && (!q || `${c.contact.name} ${c.last_message.text}`.toLowerCase().includes(q.toLowerCase()))).sort((a, b) => rank(a) - rank(b));
  const start = Number(from ?? 0), end = start + Number(limit ?? 50);
  return { items: found.slice(start, end), next: end < found.length ? String(end) : null };
}
function count() {
  const of = (status, who) => Math.min(1000, conversations.filter((c) => c.status === status && mine(who)(c)).length);
  return Object.fromEntries(["open", "snoozed", "closed"].map((status) => [status, { mine: of(status, "me"), unassigned: of(status, "none"), all: of(status) }]));
}
function post(c, body, key) {
  if (bodies.has(key)) return bodies.get(key);
  if (body.text.includes("refuse")) return problem(422, "Telegram allows 4,096 characters, this text has more.");
  const all = data.messages(c);
  const way = data.waysOf(c).find((one) => one.inbox_id === body.inbox_id) ?? { channel: c.inbox.channel, inbox_id: c.inbox.id };
  const now = new Date().toISOString();
  const message = { id: data.id("m"), seq: all.length + 1, conversation_id: c.id, kind: body.kind, direction: "outbound", text: body.text, html: false, channel: way.channel, inbox_id: way.inbox_id, receipt: body.kind === "reply" ? "accepted" : null, times: {}, at: now, created_at: now, automatic: false, author: { kind: "agent", id: me.id, name: me.name }, attachments: (body.attachments ?? []).map((id) => files.get(id)), content: { buttons: body.buttons } };
  all.push(message);
  if (body.kind === "reply") Object.assign(c, { waiting_since: null, last_message: { text: body.text, at: now, direction: "outbound", kind: "reply" } });
  tell({ kind: "message.new", message, conversation: c });
  if (body.kind === "reply") {
    const step = (receipt, wait) => setTimeout(() => { Object.assign(message, { receipt, times: { ...message.times, [receipt]: new Date().toISOString() } }); tell({ kind: "message.changed", message, conversation: c }); }, wait);
    step("sent", 4000); step("delivered", 5000); step("read", 7000);
  }
  bodies.set(key, { status: 201, body: message });
  return bodies.get(key);
}
const files = new Map();

const routes = [
  ["GET", /^\/me$/, () => (signedIn ? { agent: me, shop: { name: "Лампа", currency: "UAH", timezone: "Europe/Kyiv" }, seq, version: "0.1.0", demo: true } : problem(401, "Sign in."))],
  ["PATCH", /^\/me$/, (_, { body }) => (body.old_password === "wrong" ? problem(422, "The present password is another one.", "old_password") : (Object.assign(me, body), { agent: me }))],
  ["POST", /^\/session$/, (_, { body }) => (body.password === "wrong" ? problem(401, "Wrong.") : ((signedIn = true), { agent: me }))],
  ["DELETE", /^\/session$/, () => ((signedIn = false), null)],
  ["GET", /^\/agents$/, () => ({ items: data.agents })],
  ["GET", /^\/tags$/, () => ({ items: ["доставка", "возврат", "опт", "скидка", "жалоба", "наличие", "счёт"].map((tag) => ({ tag, count: 3 })) })],
  ["GET", /^\/channels$/, () => ({ items: data.channels })],
  ["GET", /^\/conversations\/counts$/, count],
  ["GET", /^\/conversations$/, (_, { query }) => listed(query)],
  ["GET", /^\/conversations\/(\w+)$/, ([id]) => { const c = find(id); return c ? { ...c, contact: data.contactOf(c), channels: data.waysOf(c) } : problem(404, "There is no such conversation."); }],
  ["PATCH", /^\/conversations\/(\w+)$/, ([id], { body }) => {
    const c = find(id), { assignee_id, ...rest } = body;
    Object.assign(c, rest, assignee_id !== undefined ? { assignee: data.agents.find((one) => one.id === assignee_id) ?? null } : {});
    tell({ kind: "conversation.changed", conversation: c });
    return c;
  }],
  ["GET", /^\/conversations\/(\w+)\/messages$/, ([id], { query }) => { const before = Number(query.get("before") ?? 1e9), limit = Number(query.get("limit") ?? 50); const older = data.messages(find(id)).filter((one) => one.seq < before); return { items: older.slice(-limit), next: older.length > limit ? "more" : null }; }],
  ["POST", /^\/conversations\/(\w+)\/messages$/, ([id], { body, request }) => post(find(id), body, request.headers["idempotency-key"])],
  ["POST", /^\/conversations\/(\w+)\/read$/, ([id]) => { find(id).unread = false; return null; }],
  ["GET", /^\/conversations\/(\w+)\/draft$/, ([id]) => drafts.get(id) ?? null],
  ["PUT", /^\/conversations\/(\w+)\/draft$/, ([id], { body }) => (drafts.set(id, { ...body, updated_at: new Date().toISOString() }), drafts.get(id))],
  ["DELETE", /^\/conversations\/(\w+)\/draft$/, ([id]) => (drafts.delete(id), null)],
  ["POST", /^\/messages\/(\w+)\/retry$/, ([id]) => { for (const c of conversations) { const m = data.messages(c).find((one) => one.id === id); if (m) return Object.assign(m, { receipt: "accepted", reason: undefined }); } }],
  ["DELETE", /^\/messages\/(\w+)$/, () => null],
  ["GET", /^\/messages\/(\w+)\/html$/, () => ({ type: "text/html", raw: `<!doctype html><body style="margin:8px;font:14px sans-serif"><h2 style="color:#b33">Добрий день!</h2><table border=1 cellpadding=6><tr><td>Лампа «Нить»</td><td>2 400 ₴</td></tr></table><p>Надсилаю рахунок у додатку.</p></body>` })],
  ["GET", /^\/contacts\/(\w+)$/, ([id]) => data.contactOf(conversations.find((one) => one.contact.id === id))],
  ["PATCH", /^\/contacts\/(\w+)$/, ([id], { body }) => { const c = conversations.find((one) => one.contact.id === id); Object.assign(c.contact, body); return data.contactOf(c); }],
  ["GET", /^\/inboxes$/, () => ({ items: inboxes })],
  ["POST", /^\/inboxes\/check$/, (_, { body }) => (body.config.token === "bad" ? { ok: false, reason: "Telegram does not know this token. Copy it again from @BotFather." } : { ok: true, account: { name: "Лампа", handle: "@lampa_bot", note: "" } })],
  ["POST", /^\/inboxes$/, (_, { body }) => {
    if (body.config.token === "field") return problem(422, "A token has a colon in it.", "config.token");
    const made = { id: data.id("i"), ...body, channel: body.kind, state: "active", account: { name: "Лампа", handle: "@lampa_bot" }, key: "f3Kq9LmX2", hook_url: "https://shop.example/hooks/f3Kq9LmX2", created_at: new Date().toISOString(), secret: "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw" };
    inboxes = [...inboxes, made];
    return { status: 201, body: made };
  }],
  ["GET", /^\/inboxes\/(\w+)\/health$/, data.health],
  ["GET", /^\/inboxes\/(\w+)$/, ([id]) => inboxes.find((one) => one.id === id) ?? problem(404, "There is no such inbox.")],
  ["PATCH", /^\/inboxes\/(\w+)$/, ([id], { body }) => Object.assign(inboxes.find((one) => one.id === id), body)],
  ["DELETE", /^\/inboxes\/(\w+)$/, ([id]) => ((inboxes = inboxes.filter((one) => one.id !== id)), null)],
  ["GET", /^\/outbox$/, (_, { query }) => ({ items: process.env.EMPTY ? [] : data.outbox(query.get("state")), next: null })],
  ["POST", /^\/outbox\/(\w+)\/retry$/, () => null],
  ["DELETE", /^\/outbox\/(\w+)$/, () => null],
  ["GET", /^\/journal$/, (_, { query }) => ({ items: process.env.EMPTY ? [] : data.journal(query.get("state")), next: null })],
  ["POST", /^\/journal\/replay$/, () => ({ replayed: 2, failed: 1 })],
];

const server = createServer(async (request, response) => {
  const url = new URL(request.url, "http://fake");
  const chunks = [];
  for await (const chunk of request) chunks.push(chunk);
  const raw = Buffer.concat(chunks);
  if (url.pathname.startsWith("/api/v1/")) {
    if (slow) await new Promise((resolve) => setTimeout(resolve, slow));
    const path = url.pathname.slice(7);
    if (path === "/files") {
      const name = url.searchParams.get("name");
      const file = { id: data.id("f"), name, type: request.headers["content-type"], size: raw.length, url: `/files/f1/${encodeURIComponent(name)}`, kind: request.headers["content-type"].startsWith("image/") ? "image" : "file" };
      files.set(file.id, file);
      return answer(response, { status: 201, body: file });
    }
    const body = raw.length ? JSON.parse(raw) : {};
    for (const [method, pattern, handle] of routes) {
      const match = method === request.method && path.match(pattern);
      if (!match) continue;
      try {
        return answer(response, handle(match.slice(1), { query: url.searchParams, body, request }));
      } catch (error) {
        return answer(response, problem(404, String(error)));
      }
    }
    return answer(response, problem(404, `No ${request.method} ${path}`));
  }
  if (url.pathname === "/control/tell") { // a test makes news: POST {event}
    const event = JSON.parse(raw);
    if (event.message) data.messages(find(event.message.conversation_id)).push(event.message);
    tell(event);
    return answer(response, null);
  }
  if (url.pathname === "/control/cut") { sockets.forEach((socket) => socket.destroy()); return answer(response, null); }
  if (url.pathname.startsWith("/files/")) return answer(response, { type: "image/svg+xml", raw: `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 800 600"><rect width="800" height="600" fill="#c9b28a"/><path d="M0 420 260 210 460 380 620 260 800 420V600H0z" fill="#8d7548"/></svg>` });
  try {
    const name = extname(url.pathname) ? url.pathname : "/index.html";
    const content = await readFile(join(root, name));
    response.writeHead(200, { "Content-Type": types[extname(name)] ?? "application/octet-stream", "Content-Security-Policy": csp });
    response.end(content);
  } catch {
    answer(response, problem(404, "Not built? Run npx vite build."));
  }
});

function answer(response, said) {
  if (said === null || said === undefined) return response.writeHead(204).end();
  if (said.raw) return response.writeHead(200, { "Content-Type": said.type }).end(said.raw);
  const { status, body } = typeof said.status === "number" && said.body ? said : { status: 200, body: said };
  response.writeHead(status, { "Content-Type": said.type ?? "application/json" }).end(JSON.stringify(body));
}

// Frames by hand: short texts of ours out, short texts of the browser in (masked, below 64 KB).
function frame(what) {
  const payload = Buffer.from(JSON.stringify(what));
  const head = payload.length < 126 ? Buffer.from([0x81, payload.length]) : payload.length < 65536 ? Buffer.from([0x81, 126, payload.length >> 8, payload.length & 255]) : null;
  if (!head) throw new Error("too long for the stand-in");
  return Buffer.concat([head, payload]);
}
server.on("upgrade", (request, socket) => {
  const accept = createHash("sha1").update(request.headers["sec-websocket-key"] + "258EAFA5-E914-47DA-95CA-C5AB0DC85B11").digest("base64");
  socket.write(`HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Accept: ${accept}\r\n\r\n`);
  sockets.add(socket);
  socket.write(frame({ kind: "hello", seq }));
  socket.on("data", (chunk) => { if ((chunk[0] & 15) === 8) socket.end(); });
  socket.on("error", () => sockets.delete(socket));
  socket.on("close", () => sockets.delete(socket));
});
server.listen(Number(process.argv[2] ?? 0), "127.0.0.1", () => console.log(`http://127.0.0.1:${server.address().port}`));
