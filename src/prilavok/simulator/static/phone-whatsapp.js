// WhatsApp: the shop sees "delivered" when there is a connection, and "read" while this chat lies open.
import { $, base64, make, telling } from "./phone-dom.js";
import { act, asMe } from "./phone-link.js";
import { Log, prepareComposer, when, withLinks } from "./phone-log.js";
import { word } from "./phone-words.js";

let log = null;
let wanted = false; // whether the chat lies open
let asking = false;
const unfolded = new Set(); // ids of messages whose list lies open
const told = () => $("#whatsapp-told");
const field = () => $("#whatsapp-say textarea");

/** The result is how many messages of the shop have come since the last look. */
export function draw(state) {
  if (wanted && !state.open) tellLook(); // the connection was gone meanwhile
  return log.draw(state.messages, word("no_whatsapp"));
}

/** A link was opened: its words stand ready and are sent by hand, as in the real one. */
export function arrive(text) {
  field().value = text;
  field().focus();
}

export function look(open) {
  if (open === wanted) return;
  wanted = open;
  tellLook();
}

async function tellLook() {
  if (asking) return;
  asking = true;
  let said = null;
  try {
    while (said !== wanted) {
      said = wanted;
      await act("whatsapp/look", { open: said });
    }
  } catch {
    wanted = false; // there is no connection: nothing is read, and the next state asks again
  } finally {
    asking = false;
  }
}

function bubble(message) {
  const fileAt = (file) => asMe(`/phone/files/${file.id}`);
  const shown = (file) => {
    if (message.kind === "image" || message.kind === "sticker") return make("img", { src: fileAt(file), alt: file.name, onload: () => log.follow() });
    if (message.kind === "audio") return make("audio", { controls: true, src: fileAt(file), preload: "none", "aria-label": word("sound") });
    return make("a", { href: fileAt(file), download: file.name }, file.name);
  };
  return make("div", { class: `said ${message.mine ? "mine" : "theirs"}` },
    make("div", { class: "bubble" },
      ...message.files.map(shown),
      message.location && make("span", { class: "place" }, `${word("place")}: ${message.location.map((one) => one.toFixed(4)).join(", ")}`),
      message.text && make("span", { class: "words" }, ...withLinks(message.text)),
      when(message, message.template && `${word("template")} · `)),
    message.buttons.length ? choices(message) : null);
}

function choices(message) {
  const buttons = message.buttons.map((one) =>
    make("button", { class: "press", type: "button", disabled: Boolean(message.pressed), "aria-pressed": String(message.pressed === one.id), onclick: () => press(message, one) },
      one.description || one.title));
  if (!message.choose) return make("div", { class: "presses" }, ...buttons);
  const remember = (event) => { if (event.target.open) unfolded.add(message.id); else unfolded.delete(message.id); log.follow(); };
  return make("details", { class: "list", open: unfolded.has(message.id), ontoggle: remember },
    make("summary", { class: "press" }, `☰ ${message.choose}`), make("div", { class: "presses column" }, ...buttons));
}

const press = (message, button) => telling(told(), () => act("whatsapp/press", { message_id: message.id, button: button.id }));

async function say() {
  const text = field().value.trim();
  if (!text) return;
  log.toEnd();
  await telling(told(), async () => {
    await act("whatsapp/say", { text });
    field().value = "";
    if (location.pathname.endsWith("/whatsapp")) history.replaceState(null, "", "/phone");
  });
}

const SENDS = {
  cup: async () => act("whatsapp/photo", { data: await base64(await (await fetch("/phone/samples/cup.png")).blob()) }),
  voice: () => act("whatsapp/voice"),
  location: () => act("whatsapp/location", { lat: 50.4657, lon: 30.5157 }),
};

export function prepare() {
  log = new Log($("#whatsapp-log"), bubble);
  prepareComposer($("#whatsapp-say"), say);
  for (const one of document.querySelectorAll("[data-whatsapp]")) {
    one.addEventListener("click", () => {
      $("#whatsapp-attach").open = false;
      telling(told(), SENDS[one.dataset.whatsapp]);
    });
  }
}
