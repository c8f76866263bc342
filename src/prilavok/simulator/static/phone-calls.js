// Calls: the list of those that were, and the screen of the one that is.
import { $, chips, make, telling } from "./phone-dom.js";
import { act } from "./phone-link.js";
import { clock, language, sum, word } from "./phone-words.js";

let call = null;
let drawnFrom = "";
let rang = ""; // id of the call that has rung already
let numbers = [];
let dialled = ""; // word of the exchange whose number is chosen
const told = () => $("#calls-told");

/** True when the shop has begun to call: the telephone then comes to the front. */
export function draw(state, past, shops, colleague) {
  call = state;
  $("#colleague").checked = colleague;
  numbers = shops;
  choose(dialled || shops[0].to);
  const as = language + JSON.stringify(past);
  if (as !== drawnFrom) {
    drawnFrom = as;
    $("#calls").replaceChildren(...(past.length ? past.toReversed().map(row) : [make("li", { class: "empty" }, word("no_calls"))]));
  }
  $("#ring").hidden = call === null;
  if (!call) return false;
  $("#ring-number").textContent = call.number;
  const rings = call.incoming && call.state === "ringing";
  $("#ring").dataset.rings = String(rings);
  $("#accept").hidden = !rings;
  $("#decline span").textContent = word(rings ? "decline" : "hang_up");
  $("#picked-up").hidden = call.incoming || call.state !== "ringing";
  $("#ring-hint").hidden = !rings;
  tick();
  const begins = rings && rang !== call.id;
  rang = call.id;
  return begins;
}

function choose(to) {
  dialled = to;
  const many = numbers.length > 3;
  chips($("#call-numbers"), many ? [] : numbers.map((one) => [one.to, one.number, false]), to, choose);
  $("#call-many").hidden = !many;
  if (many && $("#call-many").childElementCount !== numbers.length) {
    $("#call-many").replaceChildren(...numbers.map((one) => make("option", { value: one.to }, `${one.number} · ${one.vendor}`)));
  }
  $("#call-many").value = to;
  $("#call-number").textContent = numbers.length < 2 ? numbers[0].number : "";
}

function tick() {
  if (!call) return;
  const talks = call.state === "talking";
  const seconds = talks ? Math.max(0, Math.round((Date.now() - Date.parse(call.talked_at)) / 1000)) : 0;
  $("#ring-state").textContent = talks ? `${word("talking")} · ${sum(seconds)}` : word(call.incoming ? "rings" : "dialling");
}

function row(one) {
  const kind = `call_${one.incoming ? "in" : "out"}_${one.incoming || one.state !== "declined" ? one.state : "missed"}`;
  return make("li", { class: one.state === "missed" ? "missed" : "" },
    make("span", { "aria-hidden": "true" }, one.incoming ? "↙" : "↗"), make("b", {}, word(kind)),
    make("small", {}, clock(one.at), one.seconds ? ` · ${sum(one.seconds)}` : ""), make("small", { class: "via" }, one.number));
}

export function prepare() {
  setInterval(tick, 500);
  $("#call-many").addEventListener("change", (event) => choose(event.target.value));
  $("#dial").addEventListener("click", () => telling(told(), () => act("call/dial", { to: dialled })));
  $("#colleague").addEventListener("change", (event) => telling(told(), () => act("call/colleague", { on: event.target.checked })));
  $("#picked-up").addEventListener("click", () => telling(told(), () => act("call/picked-up")));
  $("#accept").addEventListener("click", () => telling(told(), () => act("call/accept")));
  $("#decline").addEventListener("click", () =>
    telling(told(), () => act(call?.incoming && call.state === "ringing" ? "call/decline" : "call/hang-up")));
}
