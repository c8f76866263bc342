// The mailbox on the telephone: threads, one open at a time, and a sheet to write on.
import { $, base64, make, telling } from "./phone-dom.js";
import { act, asMe } from "./phone-link.js";
import { clock, language, word } from "./phone-words.js";

const LARGEST = 8 * 1024 * 1024; // bytes, all files together
let letters = [];
let address = "";
let answers = ""; // Message-ID of the letter that is being answered
let opened = null; // thread
let drawnFrom = "";
let seen = 0;
const unfolded = new Set();

const told = () => $("#mail-told");

/** Redraws the box; the result is how many letters of the shop have come since the last look. */
export function draw(state, shop, mine) {
  letters = state.letters;
  address = shop.address;
  $("#my-address").textContent = mine.address;
  $("#letter-form .to").textContent = `${word("to")} ${address}`;
  const as = language + opened + [...unfolded].join() + JSON.stringify(letters);
  if (as !== drawnFrom) {
    drawnFrom = as;
    $("#letters").replaceChildren(...threads());
  }
  const received = letters.filter((one) => !one.mine).length;
  const fresh = received - seen;
  seen = received;
  return fresh;
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
}

const nameOf = (from) => from.replace(/\s*<[^>]*>/, "").replaceAll('"', "") || from;

function sheet(letter) {
  const folded = letter.quoted && !unfolded.has(letter.id);
  const unfold = () => { if (folded) unfolded.add(letter.id); else unfolded.delete(letter.id); redraw(); };
  return make("div", { class: `sheet ${letter.mine ? "mine" : "theirs"}` },
    make("header", {}, make("b", {}, letter.mine ? word("me") : nameOf(letter.from)), make("time", {}, clock(letter.at))),
    make("p", { class: "words" }, ...withLinks(letter.text)),
    letter.quoted && make("button", { class: "quiet", type: "button", onclick: unfold }, folded ? `… ${word("quoted")}` : word("hide")),
    letter.quoted && !folded && make("blockquote", {}, letter.quoted),
    ...letter.files.map((file, number) => make("a", { class: "file", href: asMe(`/phone/letters/${number}`, `&id=${encodeURIComponent(letter.id)}`), download: file.name }, file.name)),
    letter.mine ? null : make("button", { class: "reply", type: "button", onclick: () => write(letter) }, word("reply")));
}

/** The shop's letters carry a link to follow the matter; it has to be a link here too. */
const withLinks = (text) =>
  text.split(/(https?:\/\/[^\s<>"]+)/).map((part, at) => (at % 2 ? make("a", { href: part, target: "_blank", rel: "noopener" }, part) : part));

function write(letter) {
  answers = letter?.id ?? "";
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
    await act("mail/send", { subject: answers ? "" : $("#subject").value, text: $("#letter-text").value, answers, files: packed });
    putAway();
  }, word("sample_sent"));
}

export function prepare() {
  $("#new-letter").addEventListener("click", () => write(null));
  $("#drop-letter").addEventListener("click", putAway);
  $("#letter-form").addEventListener("submit", (event) => { event.preventDefault(); send(); });
  $("#letter-files").addEventListener("change", () => { $("#chosen").textContent = [...$("#letter-files").files].map((one) => one.name).join(", "); });
  for (const one of document.querySelectorAll("[data-sample]")) {
    const kind = one.dataset.sample;
    one.addEventListener("click", () => {
      opened = null;
      telling(told(), () => act("mail/sample", { kind }), word(kind === "bounce" ? "bounce_sent" : "sample_sent"));
    });
  }
}
