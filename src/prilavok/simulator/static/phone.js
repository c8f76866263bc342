// The customer's side of the counter: the shop's site, a messenger and a mailbox, side by side or in tabs.
import * as apps from "./phone-apps.js";
import * as chat from "./phone-chat.js";
import * as calls from "./phone-calls.js";
import * as mail from "./phone-mail.js";
import * as sms from "./phone-sms.js";
import * as whatsapp from "./phone-whatsapp.js";
import { $, telling } from "./phone-dom.js";
import { act, connect, onState } from "./phone-link.js";
import { language, speak, translate, word } from "./phone-words.js";

let last = null;
let first = true;

function show(tab) {
  document.body.dataset.tab = tab;
  if (tab !== "telegram") document.body.dataset.left = tab; // of two columns the telephone keeps the right one
  for (const one of document.querySelectorAll('[role="tab"]')) one.setAttribute("aria-selected", String(one.dataset.tab === tab));
  const dot = $(`#tab-${tab} i`);
  if (dot) dot.hidden = true;
  look();
}

/** Brings an application of the telephone to the front. */
function open(app) {
  document.body.dataset.app = app;
  for (const one of document.querySelectorAll(".dock [data-app]")) one.setAttribute("aria-pressed", String(one.dataset.app === app));
  $(`.dock [data-app="${app}"] i`).hidden = true;
  nameFaults();
  look();
}

const VENDORS = { telegram: () => "Telegram", whatsapp: () => "WhatsApp", sms: sms.openedName, apps: apps.opened };
const nameFaults = () => {
  const app = document.body.dataset.app;
  $("#faults-of").textContent = word("faults", VENDORS[app]?.() ?? word("calls_vendor"));
};

const deviceIsSeen = () => document.visibilityState === "visible" && $("#telegram").offsetParent !== null;
const look = () => {
  whatsapp.look(deviceIsSeen() && document.body.dataset.app === "whatsapp");
  apps.look(deviceIsSeen() && document.body.dataset.app === "apps");
  mail.look();
};

function draw(state) {
  last = state;
  nameFaults();
  $("#bot").textContent = `@${state.shop.bot}`;
  $("#my-number").textContent = state.number;
  $("#connection").textContent = word(state.on ? "connected" : "disconnected");
  $("#connection").setAttribute("aria-pressed", String(!state.on));
  const rings = calls.draw(state.call, state.calls, state.call_numbers, state.colleague);
  const fresh = { telegram: chat.draw(state.telegram), whatsapp: whatsapp.draw(state.whatsapp), sms: sms.draw(state.sms), calls: 0, apps: apps.draw(state.apps) };
  const news = { telegram: Object.values(fresh).reduce((sum, one) => sum + one, 0), mail: mail.draw(state.mail, state.shop, state.me) };
  if (rings) show("telegram");
  if (!first) tellNews(fresh, news);
  first = false;
}

/** Dots where something has come that is not before the eyes. */
function tellNews(fresh, news) {
  for (const [app, count] of Object.entries(fresh)) {
    if (count > 0 && (document.body.dataset.app !== app || !deviceIsSeen())) $(`.dock [data-app="${app}"] i`).hidden = false;
  }
  for (const [tab, count] of Object.entries(news)) {
    if (count > 0 && document.body.dataset.tab !== tab) $(`#tab-${tab} i`).hidden = false;
  }
}

const openShop = (marks = "") => { $("#shop-frame").src = `/shop?lang=${language}${marks && `&${marks}`}`; };

function changeLanguage(chosen) {
  speak(chosen);
  nameFaults();
  openShop();
  connect();
  if (last) draw(last);
}

translate();
chat.prepare();
whatsapp.prepare();
apps.prepare();
sms.prepare();
calls.prepare();
mail.prepare();
onState(draw);
for (const one of document.querySelectorAll('[role="tab"]')) one.addEventListener("click", () => show(one.dataset.tab));
for (const one of document.querySelectorAll("[data-language]")) one.addEventListener("click", () => changeLanguage(one.dataset.language));
for (const one of document.querySelectorAll("[data-came]")) one.addEventListener("click", () => openShop(one.dataset.came));

for (const one of document.querySelectorAll(".dock [data-app]")) one.addEventListener("click", () => open(one.dataset.app));
$("#connection").addEventListener("click", () => telling($(`#${document.body.dataset.app}-told`), () => act("phone/switch", { on: !last.on })));
document.addEventListener("visibilitychange", look);
for (const one of ["#apps-shelf", "#apps-back", "#sms-senders"]) $(one).addEventListener("click", nameFaults);

const asked = new URLSearchParams(location.search);
const token = location.pathname.endsWith("/telegram") ? asked.get("start") : null;
const greeting = location.pathname.endsWith("/whatsapp") ? asked.get("text") ?? "" : null;

window.addEventListener("message", (event) => {
  if (event.origin !== location.origin || event.source !== $("#shop-frame").contentWindow) return;
  if (event.data?.kind === "page") $("#shop-address").textContent = event.data.url;
  if (event.data?.kind === "start") { openShop(); show("telegram"); open("telegram"); chat.arrive(event.data.token); }
  if (event.data?.kind === "app") { openShop(); show("telegram"); open("apps"); apps.arrive(event.data.name, event.data.token); }
  if (event.data?.kind === "greet") { openShop(); show("telegram"); open("whatsapp"); whatsapp.arrive(event.data.text); }
});

const inner = location.pathname.match(/\/phone\/app\/([a-z_]+)$/)?.[1] ?? "";
const link = () => {
  if (inner) return { kind: "app", name: inner, token: asked.get("start") ?? "" };
  return token ? { kind: "start", token } : { kind: "greet", text: greeting };
};

if ((inner || token || greeting !== null) && window.parent !== window) {
  // A link to a messenger was opened inside the shop's frame: the telephone around it takes over.
  window.parent.postMessage(link(), location.origin);
} else {
  const came = inner || token || greeting !== null || location.pathname.endsWith("/telegram");
  open(inner ? "apps" : greeting === null ? "telegram" : "whatsapp");
  show(came ? "telegram" : "shop");
  openShop();
  connect();
  if (inner) apps.arrive(inner, asked.get("start") ?? "");
  if (token) chat.arrive(token);
  if (greeting !== null) whatsapp.arrive(greeting);
}
