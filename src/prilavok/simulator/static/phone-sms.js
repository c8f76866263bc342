// Text messages: a thread for each sender of the shop, nothing but words.
import { $, chips, make, telling } from "./phone-dom.js";
import { act } from "./phone-link.js";
import { Log, prepareComposer, when, withLinks } from "./phone-log.js";
import { word } from "./phone-words.js";

let log = null;
let threads = [];
let open = ""; // word of the sender whose thread is before the eyes
let came = 0; // texts of the shop, all together
const seen = new Map(); // word of a sender -> how many texts of it were seen
const field = () => $("#sms-say textarea");
const from = (thread) => thread.messages.filter((one) => !one.mine).length;

/** The word of the open thread's sender, as faults are told. */
export const opened = () => open;
export const openedName = () => threads.find((one) => one.to === open)?.sender ?? "SMS";

/** The result is how many texts of the shop have come since the last look. */
export function draw(state) {
  threads = state;
  open ||= state[0].to;
  if (!seen.size) for (const one of state) seen.set(one.to, from(one));
  show();
  const before = came;
  came = state.reduce((sum, one) => sum + from(one), 0);
  return came - before;
}

function show() {
  const thread = threads.find((one) => one.to === open);
  seen.set(open, from(thread));
  $("#sms-number").textContent = thread.sender;
  chips($("#sms-senders"), threads.map((one) => [one.to, one.sender, from(one) > (seen.get(one.to) ?? 0)]), open, choose);
  log.draw(thread.messages, word(thread.hears ? "no_sms" : "no_sms_name"));
  $("#sms-say").hidden = !thread.hears;
  $("#sms-deaf").hidden = thread.hears;
  $("#app-sms").dataset.stopped = String(thread.stopped);
  if (thread.stopped && !$("#sms-told").classList.contains("bad")) $("#sms-told").textContent = word("stopped");
  else if (!thread.stopped && $("#sms-told").textContent === word("stopped")) $("#sms-told").textContent = "";
}

function choose(to) {
  open = to;
  log.toEnd();
  show();
}

const bubble = (message) =>
  make("div", { class: `said ${message.mine ? "mine" : "theirs"}` },
    make("div", { class: "bubble" }, make("span", { class: "words" }, ...withLinks(message.text)), when(message, message.way && `${message.way} · `)));

async function say() {
  const text = field().value.trim();
  if (!text) return;
  log.toEnd();
  await telling($("#sms-told"), async () => {
    await act("sms/say", { text, to: open });
    field().value = "";
  });
}

export function prepare() {
  log = new Log($("#sms-log"), bubble);
  prepareComposer($("#sms-say"), say);
}
