import { describe, expect, it } from "vitest";
import type { Message, Publication } from "../api/types";
import { pieces } from "./pieces";
import { snoozes } from "./snoozes";
import { lines, matches, merge, type Pending, renewed } from "./thread";

const at = (minute: number) => new Date(Date.UTC(2026, 10, 18, 10, minute)).toISOString();
function said(seq: number, more: Partial<Message> = {}): Message {
  return {
    id: `m${seq}`, seq, conversation_id: "c", kind: "message", direction: "inbound", text: `text ${seq}`, html: false, channel: "webchat", inbox_id: "i1", receipt: null, times: {}, at: at(seq), created_at: at(seq), automatic: false,
    author: { kind: "contact", name: "Anna" }, attachments: [], content: {}, ...more,
  };
}
const reply = (seq: number, more: Partial<Message> = {}) => said(seq, { kind: "reply", direction: "outbound", author: { kind: "agent", id: "me", name: "Olena" }, receipt: "accepted", ...more });
const day = (time: string) => time.slice(0, 10);
const shape = (messages: Message[]) => lines(messages, day).map((line) => (line.kind === "message" ? line.message.id : line.kind));

describe("messages of a conversation", () => {
  it("stand by seq, whatever order they came in, each once", () => {
    const merged = merge([said(2), said(5)], [said(3), said(1), said(5, { text: "changed" })]);
    expect(merged.map((one) => one.seq)).toEqual([1, 2, 3, 5]);
    expect(merged.at(-1)?.text).toBe("changed");
  });

  it("never lose a tick when an older telling comes later", () => {
    const read = reply(1, { receipt: "read", times: { sent: at(1), read: at(2) } });
    const late = reply(1, { receipt: "sent", times: { sent: at(1) } });
    expect(merge([read], [late])[0]).toMatchObject({ receipt: "read", times: { read: at(2) } });
    expect(merge([read], [reply(1, { receipt: "failed" })])[0]?.receipt).toBe("failed");
  });

  it("keep the same list when nothing was told", () => {
    const known = [said(1)];
    expect(merge(known, [])).toBe(known);
  });
});

describe("lines of a conversation", () => {
  it("draw a line for each day and where the channel changes", () => {
    const other = { at: "2026-11-19T08:00:00Z", channel: "telegram", inbox_id: "i2" };
    expect(shape([said(1), said(2), said(3, other)])).toEqual(["day", "m1", "m2", "day", "channel", "m3"]);
  });

  it("say once that the talk went on elsewhere, though the server says it too", () => {
    const moved = said(2, { kind: "event", inbox_id: null, content: { event: { what: "went_on", inbox: "Bot", channel: "telegram" } } });
    expect(shape([said(1), moved, said(3, { channel: "telegram", inbox_id: "i2" })])).toEqual(["day", "m1", "channel", "m3"]);
  });

  it("let a note stand in any channel", () => {
    expect(shape([said(1), said(2, { kind: "note", channel: "", inbox_id: null }), said(3)])).toEqual(["day", "m1", "m2", "m3"]);
  });

  it("fold a run of events", () => {
    const event = (seq: number) => said(seq, { kind: "event", inbox_id: null });
    const drawn = lines([said(1), event(2), event(3), said(4)], day);
    expect(drawn.map((line) => line.kind)).toEqual(["day", "message", "events", "message"]);
    expect(drawn[2]).toMatchObject({ messages: [{ id: "m2" }, { id: "m3" }] });
  });

  it("group what one person wrote within five minutes", () => {
    const drawn = lines([said(1), said(2), said(20), reply(21)], day).filter((line) => line.kind === "message");
    expect(drawn.map((line) => [line.first, line.last])).toEqual([[true, false], [false, true], [true, true], [true, true]]);
  });
});

describe("a reply on its way", () => {
  const pending: Pending = { key: "k", conversation_id: "c", kind: "reply", text: "Hello", inbox_id: "i1", channel: "webchat", attachments: [], buttons: [], at: at(1), state: "sending" };

  it("is recognised when the live event is faster than the answer", () => {
    expect(matches(pending, reply(2, { text: "Hello" }), "me")).toBe(true);
  });

  it("is not mistaken for a colleague's, for a note or while it waits for the line", () => {
    expect(matches(pending, reply(2, { text: "Hello" }), "other")).toBe(false);
    expect(matches(pending, reply(2, { text: "Hello", kind: "note" }), "me")).toBe(false);
    expect(matches({ ...pending, state: "queued" }, reply(2, { text: "Hello" }), "me")).toBe(false);
  });
});

describe("links in a text", () => {
  const links = (text: string) => pieces(text).filter((piece) => piece.href).map((piece) => piece.href);

  it("leave the full stop outside and give the text back whole", () => {
    const text = "See https://shop.example/a?b=1. Or (www.shop.example), or write to me@shop.example!";
    expect(links(text)).toEqual(["https://shop.example/a?b=1", "https://www.shop.example", "mailto:me@shop.example"]);
    expect(pieces(text).map((piece) => piece.text).join("")).toBe(text);
  });

  it("never run a script", () => {
    expect(links("javascript:alert(1) data:text/html,x vbscript:x")).toEqual([]);
  });
});

describe("snoozing", () => {
  const names = (now: string) => snoozes(new Date(now), "Europe/Kyiv").map((one) => one.name);

  it("offers no evening at night and no Monday on Sunday, for that is tomorrow", () => {
    expect(names("2026-11-18T08:00:00Z")).toEqual(["hours", "evening", "tomorrow", "monday", "week"]);
    expect(names("2026-11-18T19:00:00Z")).toEqual(["hours", "tomorrow", "monday", "week"]);
    expect(names("2026-11-22T08:00:00Z")).toEqual(["hours", "evening", "tomorrow", "week"]);
  });

  it("means nine in the morning where the shop is", () => {
    const tomorrow = snoozes(new Date("2026-11-18T08:00:00Z"), "Europe/Kyiv").find((one) => one.name === "tomorrow");
    expect(tomorrow?.until.toISOString()).toBe("2026-11-19T07:00:00.000Z");
  });
});

describe("what everybody can read", () => {
  const row: Publication = { kind: "review", rating: 5, product: {}, order: { number: "7", id: null }, url: "", about: "", answerable: true, answered: true, moderates: [], amends: [], private_reply: false, private_days: 0 };

  it("is told anew by the list, which does not know what may be done about it", () => {
    const known: Publication = { ...row, rating: 2, answered: false, order: { number: "7", id: "o" }, moderates: ["hide"], amends: ["delete"], private_reply: true, private_days: 7 };
    expect(renewed(known, row)).toEqual({ ...known, rating: 5, answered: true });
    expect(renewed(null, row)).toEqual(row);
  });
});
