// The courier's page without a network: it can be read, and what was tapped is kept and sent when there is one again.
// Without this script every button is an ordinary form.
"use strict";

const script = document.currentScript;
const shelf = "courier:" + location.pathname;
const offline = document.querySelector(".offline");
let sending = false;

const kept = () => JSON.parse(localStorage.getItem(shelf) || "[]");

function keep(taps) {
  if (taps.length) localStorage.setItem(shelf, JSON.stringify(taps));
  else localStorage.removeItem(shelf);
}

function show() {
  const taps = kept();
  const named = taps.map((tap) => `${tap.text} (${tap.at.slice(0, 5)})`).join(", ");
  const stale = document.documentElement.dataset.stale === "1" || !navigator.onLine;
  offline.textContent = taps.length ? `${script.dataset.queued} ${named}` : script.dataset.stale;
  offline.hidden = !taps.length && !stale;
  for (const button of document.querySelectorAll("button[name=act]")) {
    button.disabled = taps.some((tap) => tap.fields.act === button.value);
  }
}

async function send() {
  if (sending) return;
  sending = true;
  let gone = "";
  try {
    for (let taps = kept(); taps.length; taps = kept()) {
      const body = new URLSearchParams(taps[0].fields);
      const answer = await fetch(location.pathname, { method: "POST", body });
      if (answer.status === 429 || answer.status >= 500) break;
      gone = new URL(answer.url).search;
      keep(kept().slice(1));
    }
  } catch {
    document.documentElement.dataset.stale = "1"; // the taps stay on their shelf
  }
  sending = false;
  if (gone || (!kept().length && document.documentElement.dataset.sent === "1")) location.replace(location.pathname + gone);
  else show();
}

document.addEventListener("submit", (event) => {
  const button = event.submitter;
  const fields = Object.fromEntries(new FormData(event.target));
  fields[button.name] = button.value;
  fields.at = new Date().toISOString();
  event.preventDefault();
  const at = new Date().toTimeString();
  keep([...kept(), { fields, text: button.textContent, at }]);
  document.documentElement.dataset.sent = "1";
  show();
  send();
});

for (const form of document.querySelectorAll("[data-left]")) {
  setTimeout(() => form.remove(), Number(form.dataset.left) * 1000);
}

addEventListener("online", () => {
  delete document.documentElement.dataset.stale;
  if (kept().length) send();
  else location.reload();
});
addEventListener("offline", show);
setInterval(() => kept().length && send(), 15000);
if ("serviceWorker" in navigator) navigator.serviceWorker.register("/k/worker.js", { scope: "/k/" });
show();
if (kept().length) send();
