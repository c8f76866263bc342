// The wire to the simulator: who this browser is, what it does, and what has changed meanwhile.
import { language, word } from "./phone-words.js";

const LONGEST_PAUSE = 8000; // ms between two tries to connect

function remembered() {
  const known = localStorage.getItem("phone-me");
  if (known && /^[0-9a-f]{32}$/.test(known)) return known;
  const fresh = Array.from(crypto.getRandomValues(new Uint8Array(16)), (one) => one.toString(16).padStart(2, "0")).join("");
  localStorage.setItem("phone-me", fresh);
  return fresh;
}

const me = remembered();
const listeners = [];
let socket = null;
let on = true; // whether the telephone has a connection
const NEEDS_CONNECTION = /^(sms|whatsapp)\/(?!look)|^app\/[^/]+\/(?!look)|^call\/dial$/;
let pause = 300;
let turn = 0; // of the state shown: an answer that was overtaken by a later state is left out

export const asMe = (path, more = "") => `${path}?me=${me}&language=${language}${more}`;
export const onState = (listener) => listeners.push(listener);
const tell = (state) => {
  if (state.turn <= turn) return;
  turn = state.turn;
  on = state.on;
  listeners.forEach((listener) => listener(state));
};

/** Does one action; the answer is the new state. Throws an Error whose message is a sentence for the person. */
export async function act(action, wish = {}) {
  if (!on && NEEDS_CONNECTION.test(action)) throw new Error(word("no_connection"));
  let answer;
  try {
    answer = await fetch(asMe(`/phone/api/${action}`), {
      method: "POST",
      headers: { "Content-Type": "application/json" },
      body: JSON.stringify(wish),
    });
  } catch {
    throw new Error(word("failed") + word("offline"));
  }
  const body = await answer.json();
  if (!answer.ok) throw new Error(word("failed") + body.detail);
  tell(body);
}

export function connect() {
  socket?.close();
  const mine = new WebSocket(asMe(`${location.origin.replace(/^http/, "ws")}/phone/live`));
  socket = mine;
  const offline = document.querySelector(".offline");
  mine.onmessage = (event) => {
    pause = 300;
    offline.hidden = true;
    tell(JSON.parse(event.data));
  };
  mine.onclose = () => {
    if (socket !== mine) return;
    offline.hidden = false;
    setTimeout(connect, pause);
    pause = Math.min(pause * 2, LONGEST_PAUSE);
  };
}
