import { apiOf, Listeners, type PrilavokApi } from "./api";
import { Chat, unreadOf } from "./chat";
import type { Wire } from "./line";
import { tabLock } from "./lock";
import type { Message } from "./protocol";
import { type Settings, settingsOf } from "./settings";
import { Keep, storageOf } from "./store";
import { firstVisit, pageOf, visitMarks, watchPages } from "./visit";
import { Widget } from "./view/widget";
import { type Words, wordsFor } from "./words";

declare global {
  interface Window {
    prilavok?: PrilavokApi;
  }
}

const SLEPT = 30_000; // ms hidden after which a socket is not trusted

function begin(settings: Settings): void {
  const words = wordsFor([settings.language, document.documentElement.lang, ...navigator.languages]);
  const prefix = `prilavok:${settings.inbox}:`;
  const keep = new Keep(prefix, storageOf(() => localStorage));
  const session = new Keep(prefix, storageOf(() => sessionStorage));
  const tabs = "BroadcastChannel" in window ? new BroadcastChannel(prefix + new URL(settings.server).host) : null;
  const listeners = new Listeners();
  const chat: Chat = new Chat(
    {
      keep,
      lock: tabLock(prefix, makeUuid(), keep, navigator.locks as LockManager | undefined),
      connect: () => new WebSocket(socketUrl(settings)) as Wire,
      uuid: makeUuid,
      visit: () => visitOf(keep, session, words),
      share: (message) => tabs?.postMessage(message),
    },
    {
      changed: (state) => {
        widget?.draw();
        listeners.changed(state.open, state.open ? 0 : unreadOf(state));
      },
      arrived: (message) => {
        widget?.arrived(message);
        listeners.arrived(message);
      },
      barred: (code) => console.warn(reasonOf(code, settings)),
    },
    settings.identity,
  );
  restoreTheme(chat, keep);
  visitOf(keep, session, words); // where the visitor came from is known now, not when they write
  let widget: Widget | null = null;
  widget = new Widget(chat, words, settings, session);
  tabs?.addEventListener("message", (event: MessageEvent<Message>) => chat.shared(event.data));
  followTheWorld(chat, widget, keep);
  window.prilavok = apiOf(chat, widget, listeners);
  chat.begin();
  document.dispatchEvent(new CustomEvent("prilavok:ready"));
}

function followTheWorld(chat: Chat, widget: Widget, keep: Keep): void {
  let hiddenAt = Date.now();
  const cameBack = () => chat.wake({ slept: Date.now() - hiddenAt > SLEPT });
  document.addEventListener("visibilitychange", () => {
    if (document.visibilityState === "visible") {
      cameBack();
      widget.looked();
    } else hiddenAt = Date.now();
  });
  window.addEventListener("pageshow", (event) => event.persisted && chat.wake({ slept: true }));
  window.addEventListener("online", () => chat.wake({ slept: false }));
  window.addEventListener("offline", () => chat.unplug());
  window.addEventListener("storage", (event) => {
    const name = keep.nameOf(event.key);
    if (name) chat.kept(name);
  });
  watchPages((page) => {
    chat.visited(page);
    widget.looked();
  });
}

function visitOf(keep: Keep, session: Keep, words: Words) {
  const page = pageOf(location.href, document.title, document.referrer);
  return {
    page,
    utm: visitMarks(session, location.search),
    first: firstVisit(keep, page, location.search, new Date()),
    language: words.language,
    timezone: Intl.DateTimeFormat().resolvedOptions().timeZone,
  };
}

/** The shop's colour and side from last time, so that the button does not change its coat when the server answers. */
function restoreTheme(chat: Chat, keep: Keep): void {
  const theme = JSON.parse(keep.get("theme") ?? "{}") as { accent?: string; position?: string };
  chat.state.accent = theme.accent ?? "";
  chat.state.position = theme.position ?? "";
}

function socketUrl({ server, inbox }: Settings): string {
  return `${server.replace(/^http/, "ws")}/chat/live?inbox=${encodeURIComponent(inbox)}`;
}

function reasonOf(code: number, { inbox, server }: Settings): string {
  if (code === 4404) return `Prilavok: there is no website chat with the key "${inbox}" on ${server}. Copy the snippet again from its settings.`;
  return `Prilavok: the chat is hidden, because ${location.hostname} is not among the allowed domains of this inbox. Add it in its settings on ${server}.`;
}

/** crypto.randomUUID exists only on https; a shop on plain http still gets unique ids. */
function makeUuid(): string {
  if ("randomUUID" in crypto) return crypto.randomUUID();
  const bytes = (crypto as Crypto).getRandomValues(new Uint8Array(16));
  const hex = [...bytes].map((byte, i) => ((i === 6 ? (byte & 15) | 64 : i === 8 ? (byte & 63) | 128 : byte) + 256).toString(16).slice(1));
  return hex.join("").replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, "$1-$2-$3-$4-$5");
}

const script = document.currentScript ?? document.querySelector("script[data-inbox][src]");
if (script instanceof HTMLScriptElement && !window.prilavok) begin(settingsOf(script));
