import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { Chat, unreadOf } from "./chat";
import type { Wire } from "./line";
import type { Message } from "./protocol";
import { Keep } from "./store";

type Frame = Record<string, unknown>;

class Server implements Wire {
  onopen: (() => void) | null = null;
  onmessage: ((event: { data: unknown }) => void) | null = null;
  onclose: ((event: { code: number }) => void) | null = null;
  readonly heard: Frame[] = [];
  send = (data: string) => void this.heard.push(JSON.parse(data) as Frame);
  close = () => undefined;
  say = (frame: Frame) => this.onmessage?.({ data: JSON.stringify(frame) });
  of = (kind: string) => this.heard.filter((frame) => frame.kind === kind);
  welcome(visitor: string, messages: Frame[] = [], more = false): void {
    this.onopen?.();
    this.say({ kind: "welcome", visitor, seq: messages.length, messages, more });
  }
}

function word(seq: number, change: Frame = {}): Frame {
  return { id: `m${seq}`, seq, direction: "outbound", text: `${seq}`, at: "2026-11-22T09:00:00Z", author: { kind: "agent", name: "A" }, ...change };
}

describe("the chat", () => {
  let servers: Server[];
  let keep: Keep;
  let shared: Message[];
  const server = () => servers[servers.length - 1] as Server;
  const settled = () => vi.advanceTimersByTimeAsync(0);

  function tab(identity: string | null = null): Chat {
    let ids = 0;
    const page = { url: "https://shop.example/", title: "", referrer: "" };
    const connect = () => (servers.push(new Server()), server());
    return new Chat({
      keep, connect, lock: (work) => work(), uuid: () => `u${++ids}`, share: (message) => shared.push(message),
      visit: () => ({ page, utm: {}, first: null, language: "ru", timezone: "Europe/Warsaw" }),
    }, { changed: () => undefined, arrived: () => undefined, barred: () => undefined }, identity);
  }

  beforeEach(() => {
    vi.useFakeTimers();
    [servers, shared, keep] = [[], [], new Keep("p:", null)];
  });
  afterEach(() => void vi.useRealTimers());

  it("keeps no name before the first word, and sends under the kept one", async () => {
    const chat = tab();
    chat.begin();
    expect(servers).toHaveLength(0);
    chat.open();
    server().welcome("t1");
    expect(keep.get("token")).toBeNull();
    chat.say("Привет");
    await settled();
    expect(keep.get("token")).toBe("t1");
    expect(server().of("send")).toEqual([{ kind: "send", id: "u1", text: "Привет", files: [], button: null }]);
    server().say({ kind: "ack", id: "u1", message: word(1, { direction: "inbound" }) });
    await settled();
    expect([chat.state.unsent, chat.state.messages.map((m) => m.client_id), shared.length]).toEqual([[], ["u1"], 1]);
  });

  it("takes over the name under which another tab wrote first", async () => {
    const chat = tab();
    chat.open();
    server().welcome("mine");
    keep.set("token", "theirs");
    chat.say("Я тоже");
    await settled();
    expect(server().of("send")).toEqual([]);
    server().welcome("theirs", [word(1, { direction: "inbound" })]);
    await settled();
    expect(server().of("hello")[0]).toMatchObject({ visitor: "theirs", seq: 0 });
    expect(server().of("send")).toHaveLength(1);
    expect(chat.state.messages).toHaveLength(1);
  });

  it("forgets the old numbers when the server gives it another name", async () => {
    keep.set("token", "old");
    keep.set("read", "57");
    const chat = tab();
    chat.begin();
    server().welcome("new");
    expect(servers).toHaveLength(2);
    server().welcome("new", [word(1)]);
    expect(server().of("hello")[0]).toMatchObject({ visitor: "new", seq: 0 });
    expect([keep.get("token"), unreadOf(chat.state)]).toEqual(["new", 1]);
  });

  it("asks only for what is unread until it is opened, then for the history", () => {
    keep.set("token", "t");
    keep.set("read", "40");
    const chat = tab();
    chat.begin();
    server().welcome("t", [word(41), word(42)]);
    expect(server().of("hello")[0]).toMatchObject({ seq: 40 });
    expect(unreadOf(chat.state)).toBe(2);
    chat.open();
    expect(server().of("older")).toEqual([{ kind: "older", before: 41 }]);
    server().say({ kind: "older", messages: [word(39), word(40)], more: true });
    expect([chat.state.messages.map((m) => m.seq), chat.state.hasOlder]).toEqual([[39, 40, 41, 42], true]);
    chat.sawAll();
    expect([unreadOf(chat.state), keep.get("read"), server().of("seen").pop()]).toEqual([0, "42", { kind: "seen", read: 42 }]);
  });

  it("comes back with a few messages to spare, and learns of an edit that it slept through", () => {
    keep.set("token", "t");
    const chat = tab();
    chat.open();
    server().welcome("t", Array.from({ length: 50 }, (_, i) => word(i + 1)));
    chat.wake({ slept: true });
    server().welcome("t", [word(45, { text: "иначе", edited_at: "2026-11-22T10:00:00Z" }), word(51)]);
    expect(server().of("hello")[0]).toMatchObject({ seq: 30 });
    expect(chat.state.messages).toHaveLength(51);
    expect(chat.state.messages[44]?.text).toBe("иначе");
  });

  it("begins anew when an ack is overdue, with the same id", async () => {
    const chat = tab();
    chat.open();
    server().welcome("t");
    chat.say("Слышно?");
    await vi.advanceTimersByTimeAsync(15_000);
    expect(servers).toHaveLength(2);
    server().welcome("t");
    await settled();
    expect(servers.map((one) => one.of("send").map((frame) => frame.id))).toEqual([["u1"], ["u1"]]);
    expect(chat.state.unsent).toHaveLength(1);
  });

  it("says that it is offline only when that lasts", async () => {
    const chat = tab();
    chat.open();
    server().welcome("t");
    server().onclose?.({ code: 1012 });
    await vi.advanceTimersByTimeAsync(900);
    expect(chat.state.status).toBe("live");
    server().welcome("t");
    await vi.advanceTimersByTimeAsync(2_000);
    expect(chat.state.status).toBe("live");
    chat.unplug();
    await vi.advanceTimersByTimeAsync(1_100);
    expect(chat.state.status).toBe("offline");
  });

  it("forgets everything of who signed out", async () => {
    keep.set("token", "t");
    const chat = tab("jwt");
    chat.begin();
    server().welcome("t", [word(1)]);
    server().onclose?.({ code: 1012 });
    chat.say("Не ушло");
    chat.identify(null);
    await settled();
    expect(keep.names("")).toEqual([]);
    expect([chat.state.messages, chat.state.unsent, chat.state.status]).toEqual([[], [], "idle"]);
    await vi.advanceTimersByTimeAsync(60_000);
    expect(servers).toHaveLength(1);
  });
});
