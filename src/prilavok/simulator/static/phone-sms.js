// Text messages: one thread, nothing but words.
import { $, make, telling } from "./phone-dom.js";
import { act } from "./phone-link.js";
import { Log, prepareComposer, when, withLinks } from "./phone-log.js";
import { word } from "./phone-words.js";

let log = null;
const field = () => $("#sms-say textarea");

/** The result is how many texts of the shop have come since the last look. */
export function draw(state) {
  $("#sms-number").textContent = state.number;
  const fresh = log.draw(state.messages, word("no_sms"));
  $("#app-sms").dataset.stopped = String(state.stopped);
  if (state.stopped && !$("#sms-told").classList.contains("bad")) $("#sms-told").textContent = word("stopped");
  else if (!state.stopped && $("#sms-told").textContent === word("stopped")) $("#sms-told").textContent = "";
  return fresh;
}

const bubble = (message) =>
  make("div", { class: `said ${message.mine ? "mine" : "theirs"}` },
    make("div", { class: "bubble" }, make("span", { class: "words" }, ...withLinks(message.text)), when(message)));

async function say() {
  const text = field().value.trim();
  if (!text) return;
  log.toEnd();
  await telling($("#sms-told"), async () => {
    await act("sms/say", { text });
    field().value = "";
  });
}

export function prepare() {
  log = new Log($("#sms-log"), bubble);
  prepareComposer($("#sms-say"), say);
}
