// The mailbox on the telephone: threads, one open at a time, and a sheet to write on.
import { $, base64, chips, make, telling } from "./phone-dom.js";
import { act, asMe } from "./phone-link.js";
import { clock, language, word } from "./phone-words.js";

const LARGEST = 8 * 1024 * 1024; // bytes, all files together
let letters = [];
let closed = false; // the mailbox is no more
let addresses = [];
let to = ""; // the address of the shop's to which is written
let answers = ""; // Message-ID of the letter that is being answered
let opened = null; // thread
let drawnFrom = "";
let seen = 0;
const unfolded = new Set();

const told = () => $("#mail-told");

/** Redraws the box; the result is how many letters of the shop have come since the last look. */
export function draw(state, shop, mine) {
  letters = state.letters;
  addresses = shop.addresses;
  to ||= addresses[0];
  closed = state.closed;
  $("#my-address").textContent = mine.address;
  $("#close-mailbox").textContent = word(closed ? "open_mailbox" : "close_mailbox");
  $("#mail").dataset.closed = String(closed);
  choices();
  const as = language + opened + [...unfolded].join() + JSON.stringify(letters, (name, it) => (name === "opened" ? undefined : it));
  if (as !== drawnFrom) {
    drawnFrom = as;
    $("#letters").replaceChildren(...threads());
  }
  look();
  const received = letters.filter((one) => !one.mine).length;
  const fresh = received - seen;
  seen = received;
  return fresh;
}

const counted = new Set();

/** The shop's letters that lie open before the eyes load their pictures: some post offices count that. */
export function look() {
  if (document.visibilityState !== "visible" || $("#mail").offsetParent === null) return;
  for (const { id } of letters.filter((one) => one.thread === opened && !one.mine && !one.opened && !counted.has(one.id))) {
    counted.add(id);
    act("mail/open", { letter: id }).catch(() => counted.delete(id));
  }
}

function choices() {
  chips($("#mail-addresses"), addresses.map((one) => [one, short(one), false]), to, choose);
  const whom = letters.find((one) => one.id === answers)?.shop ?? to;
  $("#letter-form .to").textContent = `${word("to")} ${whom}`;
}

/** Addresses of one domain differ only before it. */
const short = (one) => (addresses.every((other) => other.split("@")[1] === one.split("@")[1]) ? `${one.split("@")[0]}@` : one);

function choose(address) {
  to = address;
  choices();
}

function threads() {
  if (!letters.length) return [make("p", { class: "empty" }, word("no_letters"))];
  const grouped = new Map();
  for (const one of letters) grouped.set(one.thread, [...(grouped.get(one.thread) ?? []), one]);
  if (opened === null || !grouped.has(opened)) opened = letters.at(-1).thread;
  return [...grouped].sort(([, one], [, other]) => other.at(-1).at.localeCompare(one.at(-1).at)).map(([thread, its]) => conversation(thread, its));
}

function conversation(thread, its) {
  const last = its.at(-1);
  const open = thread === opened;
  const row = make("button", { class: "row-letter", type: "button", "aria-expanded": String(open), onclick: () => toggle(thread) },
    make("b", {}, its[0].subject || "…"), make("span", {}, its.length > 1 ? String(its.length) : ""), make("time", {}, clock(last.at)),
    open ? null : make("small", {}, `${last.mine ? word("me") : nameOf(last.from)}: ${last.text.slice(0, 90)}`));
  return make("article", { class: open ? "open" : "" }, row, ...(open ? its.map(sheet) : []));
}

function toggle(thread) {
  opened = opened === thread ? "" : thread;
  redraw();
}

function redraw() {
  drawnFrom = "";
  $("#letters").replaceChildren(...threads());
  look();
}

const nameOf = (from) => from.replace(/\s*<[^>]*>/, "").replaceAll('"', "") || from;

function sheet(letter) {
  const folded = letter.quoted && !unfolded.has(letter.id);
  const unfold = () => { if (folded) unfolded.add(letter.id); else unfolded.delete(letter.id); redraw(); };
  return make("div", { class: `sheet ${letter.mine ? "mine" : "theirs"}` },
    make("header", {}, make("b", {}, letter.mine ? word("me") : nameOf(letter.from)), make("time", {}, clock(letter.at))),
    addresses.length > 1 && make("small", {}, letter.mine ? `${word("to")} ${letter.shop}` : letter.shop),
    make("p", { class: "words" }, ...withLinks(letter.text)),
    letter.quoted && make("button", { class: "quiet", type: "button", onclick: unfold }, folded ? `… ${word("quoted")}` : word("hide")),
    letter.quoted && !folded && make("blockquote", {}, letter.quoted),
    ...letter.files.map((file, number) => make("a", { class: "file", href: asMe(`/phone/letters/${number}`, `&id=${encodeURIComponent(letter.id)}`), download: file.name }, file.name)),
    letter.mine ? null : make("footer", {},
      make("button", { class: "reply", type: "button", onclick: () => write(letter) }, word("reply")),
      make("button", { class: "quiet", type: "button", disabled: letter.spam, onclick: () => spam(letter) }, word(letter.spam ? "spam_told" : "spam"))));
}

/** The shop's letters carry a link to follow the matter; it has to be a link here too. */
const withLinks = (text) =>
  text.split(/(https?:\/\/[^\s<>"]+)/).map((part, at) => (at % 2 ? make("a", { href: part, target: "_blank", rel: "noopener" }, part) : part));

const spam = (letter) => telling(told(), () => act("mail/spam", { letter: letter.id }), word("spam_sent"));

function write(letter) {
  answers = letter?.id ?? "";
  choices();
  $("#letter-form").hidden = false;
  $("#subject").hidden = Boolean(letter);
  $("#subject").value = "";
  $("#letter-text").focus();
}

function putAway() {
  answers = "";
  $("#letter-form").reset();
  $("#letter-form").hidden = true;
  $("#chosen").textContent = "";
}

async function send() {
  const files = [...$("#letter-files").files];
  await telling(told(), async () => {
    if (files.reduce((sum, one) => sum + one.size, 0) > LARGEST) throw new Error(word("too_big"));
    const packed = await Promise.all(files.map(async (one) => ({ name: one.name, type: one.type || "application/octet-stream", data: await base64(one) })));
    opened = null;
    await act("mail/send", { subject: answers ? "" : $("#subject").value, text: $("#letter-text").value, answers, files: packed, to });
    putAway();
  }, word("sample_sent"));
}

export function prepare() {
  $("#new-letter").addEventListener("click", () => write(null));
  $("#close-mailbox").addEventListener("click", () => telling(told(), () => act("mail/close", { closed: !closed }), word(closed ? "mailbox_opened" : "mailbox_closed")));
  $("#drop-letter").addEventListener("click", putAway);
  $("#letter-form").addEventListener("submit", (event) => { event.preventDefault(); send(); });
  $("#letter-files").addEventListener("change", () => { $("#chosen").textContent = [...$("#letter-files").files].map((one) => one.name).join(", "); });
  for (const one of document.querySelectorAll("[data-sample]")) {
    const kind = one.dataset.sample;
    one.addEventListener("click", () => {
      opened = null;
      telling(told(), () => act("mail/sample", { kind, to }), word(kind === "bounce" ? "bounce_sent" : "sample_sent"));
    });
  }
}
