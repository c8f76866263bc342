// The customer's side of the counter: the shop's site, a messenger and a mailbox, side by side or in tabs.
import * as chat from "./phone-chat.js";
import * as mail from "./phone-mail.js";
import { $ } from "./phone-dom.js";
import { connect, onState } from "./phone-link.js";
import { language, speak, translate } from "./phone-words.js";

let last = null;
let first = true;

function show(tab) {
  document.body.dataset.tab = tab;
  if (tab !== "telegram") document.body.dataset.left = tab; // of two columns the telephone keeps the right one
  for (const one of document.querySelectorAll('[role="tab"]')) one.setAttribute("aria-selected", String(one.dataset.tab === tab));
  const dot = $(`#tab-${tab} i`);
  if (dot) dot.hidden = true;
}

function draw(state) {
  last = state;
  $("#bot").textContent = `@${state.shop.bot}`;
  const fresh = { telegram: chat.draw(state.telegram), mail: mail.draw(state.mail, state.shop, state.me) };
  for (const [tab, count] of Object.entries(fresh)) {
    if (!first && count > 0 && document.body.dataset.tab !== tab) $(`#tab-${tab} i`).hidden = false;
  }
  first = false;
}

const openShop = (marks = "") => { $("#shop-frame").src = `/shop?lang=${language}${marks && `&${marks}`}`; };

function changeLanguage(chosen) {
  speak(chosen);
  openShop();
  connect();
  if (last) draw(last);
}

translate();
chat.prepare();
mail.prepare();
onState(draw);
for (const one of document.querySelectorAll('[role="tab"]')) one.addEventListener("click", () => show(one.dataset.tab));
for (const one of document.querySelectorAll("[data-language]")) one.addEventListener("click", () => changeLanguage(one.dataset.language));
for (const one of document.querySelectorAll("[data-came]")) one.addEventListener("click", () => openShop(one.dataset.came));

const token = location.pathname.endsWith("/telegram") ? new URLSearchParams(location.search).get("start") : null;

window.addEventListener("message", (event) => {
  if (event.origin !== location.origin || event.source !== $("#shop-frame").contentWindow) return;
  if (event.data?.kind === "page") $("#shop-address").textContent = event.data.url;
  if (event.data?.kind === "start") { openShop(); show("telegram"); chat.arrive(event.data.token); }
});

if (token && window.parent !== window) {
  // The widget's link was opened inside the shop's frame: the telephone around it takes over.
  window.parent.postMessage({ kind: "start", token }, location.origin);
} else {
  show(token || location.pathname.endsWith("/telegram") ? "telegram" : "shop");
  openShop();
  connect();
  if (token) chat.arrive(token);
}
