// The messenger on the telephone.
import { $, base64, make, telling } from "./phone-dom.js";
import { act, asMe } from "./phone-link.js";
import { opened } from "./phone-sms.js";
import { clock, language, word } from "./phone-words.js";

const LARGEST = 8 * 1024 * 1024; // bytes
const drawn = new Map(); // message id -> {as: what it was drawn from, node}
let payload = ""; // of the link that brought the visitor here
let editing = null;
let chat = { started: false, blocked: false, messages: [] };
let seen = 0;
let atEnd = true; // the log follows what comes, unless the visitor reads further up

const told = () => $("#telegram-told");
const fileAt = (file) => asMe(`/phone/files/${file.id}`);

/** Whose next answer meets the fault: the vendor before the eyes. */
function vendor() {
  const { app, inner } = document.body.dataset;
  return app === "apps" ? inner : app === "sms" ? opened() : app;
}

/** A link with a token was opened: Start has to be pressed, as in the real messenger. */
export function arrive(token) {
  payload = token;
  draw(chat);
  $("#start").focus();
}

/** Redraws what changed; the result is how many messages of the shop have come since the last look. */
export function draw(state) {
  chat = state;
  const log = $("#log");
  const known = new Set();
  for (const message of chat.messages) {
    known.add(message.id);
    const as = `${language}${JSON.stringify(message)}`;
    const before = drawn.get(message.id);
    if (before?.as === as) continue;
    const node = bubble(message);
    if (before) before.node.replaceWith(node);
    else log.append(node);
    drawn.set(message.id, { as, node });
  }
  for (const [id, { node }] of drawn) if (!known.has(id)) { node.remove(); drawn.delete(id); }
  const open = chat.started && !chat.blocked;
  $("#say").hidden = !open || Boolean(payload);
  $("#begin").hidden = open && !payload;
  $("#start").textContent = word(chat.blocked ? "unblock" : "start");
  $("#begin-why").textContent = word(chat.blocked ? "begin_blocked" : payload ? "begin_link" : "begin_why");
  $("#block").textContent = word("block");
  $("#block").hidden = !open;
  const from = chat.messages.filter((one) => !one.mine).length;
  const fresh = from - seen;
  seen = from;
  follow();
  return fresh;
}

function follow() {
  const log = $("#log");
  if (atEnd) log.scrollTop = log.scrollHeight;
}

function bubble(message) {
  const text = message.text.startsWith("/start") ? word("start") : message.text;
  const ticks = message.taken ? "✓✓" : "✓";
  const buttons = message.buttons.flat().map((one) =>
    one.url
      ? make("a", { class: "press", href: one.url, target: "_blank", rel: "noopener" }, one.text)
      : make("button", { class: "press", type: "button", onclick: () => press(message, one) }, one.text));
  const canEdit = message.mine && message.kind === "text" && !message.text.startsWith("/start");
  return make("div", { class: `said ${message.mine ? "mine" : "theirs"}` },
    make("div", { class: "bubble" },
      ...message.files.map((file) => shown(message, file)),
      message.location && make("span", { class: "place" }, `${word("place")}: ${message.location.map((one) => one.toFixed(4)).join(", ")}`),
      message.contact && make("span", { class: "place" }, `${word("contact")}: ${message.contact.first_name ?? ""} +${String(message.contact.phone_number).replace("+", "")}`),
      text && make("span", { class: "words" }, text),
      make("small", {}, message.edited ? `${word("edited")} ` : "", clock(message.at), " ",
        message.mine && make("span", { class: message.taken ? "ticks taken" : "ticks", title: word(message.taken ? "taken" : "sent"), "aria-label": word(message.taken ? "taken" : "sent"), role: "img" }, ticks)),
      canEdit && make("button", { class: "edit", type: "button", title: word("edit"), "aria-label": word("edit"), onclick: () => edit(message) }, "✎")),
    buttons.length ? make("div", { class: "presses" }, ...buttons) : null);
}

function shown(message, file) {
  if (message.kind === "photo") return make("img", { src: fileAt(file), alt: file.name, onload: follow });
  if (message.kind === "voice" || message.kind === "audio") return make("audio", { controls: true, src: fileAt(file), preload: "none", "aria-label": word("sound") });
  return make("a", { href: fileAt(file), download: file.name }, file.name);
}

const press = (message, button) => telling(told(), () => act("telegram/press", { message_id: message.id, button: button.callback_data }));

function edit(message) {
  editing = message.id;
  $("#editing").hidden = false;
  $("#text").value = message.text;
  $("#text").focus();
}

function stopEditing() {
  editing = null;
  $("#editing").hidden = true;
  $("#text").value = "";
}

async function say() {
  const text = $("#text").value.trim();
  if (!text) return;
  atEnd = true;
  await telling(told(), async () => {
    if (editing === null) await act("telegram/say", { text });
    else await act("telegram/edit", { message_id: editing, text });
    stopEditing();
  });
}

async function begin() {
  await telling(told(), async () => {
    if (chat.blocked && !payload) await act("telegram/block", { blocked: false });
    else {
      const token = payload;
      payload = "";
      try {
        await act("telegram/start", { payload: token });
      } catch (error) {
        payload = token;
        throw error;
      }
      history.replaceState(null, "", "/phone");
    }
    $("#text").focus();
  });
}

/** Telegram makes a JPEG of every picture, so does the telephone. */
async function asJpeg(blob) {
  let picture;
  try {
    picture = await createImageBitmap(blob);
  } catch {
    throw new Error(word("no_picture"));
  }
  const scale = Math.min(1, 1280 / Math.max(picture.width, picture.height));
  const canvas = make("canvas", { width: Math.round(picture.width * scale), height: Math.round(picture.height * scale) });
  canvas.getContext("2d").drawImage(picture, 0, 0, canvas.width, canvas.height);
  return new Promise((resolve) => canvas.toBlob(resolve, "image/jpeg", 0.85));
}

async function sendPhoto(blob) {
  if (blob.size > LARGEST) throw new Error(word("too_big"));
  await act("telegram/photo", { data: await base64(await asJpeg(blob)) });
}

const SENDS = {
  cup: async () => sendPhoto(await (await fetch("/phone/samples/cup.png")).blob()),
  photo: async () => $("#photo").click(),
  voice: () => act("telegram/voice"),
  location: () => act("telegram/location", { lat: 50.4657, lon: 30.5157 }),
  contact: () => act("telegram/contact"),
};

export function prepare() {
  const log = $("#log");
  log.addEventListener("scroll", () => { atEnd = log.scrollHeight - log.scrollTop - log.clientHeight < 60; });
  new ResizeObserver(follow).observe(log);
  $("#say").addEventListener("submit", (event) => { event.preventDefault(); say(); });
  $("#text").addEventListener("keydown", (event) => {
    if (event.key === "Enter" && !event.shiftKey && !event.isComposing) { event.preventDefault(); say(); }
    if (event.key === "Escape") stopEditing();
  });
  $("#cancel-edit").addEventListener("click", stopEditing);
  $("#start").addEventListener("click", begin);
  $("#block").addEventListener("click", () => telling(told(), () => act("telegram/block", { blocked: true })));
  $("#photo").addEventListener("change", () => {
    const file = $("#photo").files[0];
    $("#photo").value = "";
    if (file) telling(told(), () => sendPhoto(file));
  });
  for (const one of document.querySelectorAll("[data-send]")) {
    one.addEventListener("click", () => {
      $("#attach").open = false;
      telling(told(), SENDS[one.dataset.send]);
    });
  }
  for (const one of document.querySelectorAll("[data-fault]")) {
    one.addEventListener("click", () =>
      telling($("#fault-told"), () => act("faults", { kind: one.dataset.fault, app: vendor() }), word("fault_set", one.textContent)));
  }
}
