import { describe, expect, it } from "vitest";
import type { Message } from "./protocol";
import { rowsOf } from "./rows";
import { climb, countUnread, merge, resume, tickOf } from "./thread";

function message(seq: number, change: Partial<Message> = {}): Message {
  return {
    id: `m${seq}`, seq, direction: "outbound", text: `words ${seq}`, at: new Date(Date.UTC(2026, 10, 22, 9, seq)).toISOString(),
    author: { kind: "agent", name: "Анна" }, attachments: [], buttons: [], ...change,
  };
}

describe("the thread", () => {
  it("drops doubles and keeps the shop's order, in whatever order the frames came", () => {
    const all = [1, 2, 3, 4, 5].map((seq) => message(seq));
    const shuffled = [4, 1, 1, 5, 3, 4, 2].map((seq) => message(seq));
    expect(merge([], shuffled)).toEqual(merge(shuffled.slice(0, 3), [...shuffled].reverse()));
    expect(merge([], shuffled).map((m) => m.id)).toEqual(all.map((m) => m.id));
  });

  it("never brings back a deleted message nor an older wording", () => {
    const edited = message(1, { text: "new", edited_at: "2026-11-22T10:00:00Z" });
    expect(merge([edited], [message(1)])[0]?.text).toBe("new");
    const gone = message(2, { deleted_at: "2026-11-22T10:00:00Z" });
    expect(merge([gone], [message(2)])[0]?.deleted_at).toBeDefined();
    expect(merge([message(1)], [edited])[0]?.text).toBe("new");
  });

  it("starts again from the newest page when a hole would be hidden", () => {
    const known = [message(1), message(2)];
    expect(resume(known, [message(50), message(51)], true)).toMatchObject({ torn: true });
    expect(resume(known, [message(50), message(51)], true).messages.map((m) => m.seq)).toEqual([50, 51]);
    expect(resume(known, [message(2), message(3)], true).messages.map((m) => m.seq)).toEqual([1, 2, 3]);
    expect(resume(known, [], false).messages).toHaveLength(2);
  });

  it("counts only the shop's unread words that still stand", () => {
    const talk = [message(1), message(2, { direction: "inbound" }), message(3), message(4, { deleted_at: "2026-11-22T10:00:00Z" })];
    expect(countUnread(talk, 0)).toBe(2);
    expect(countUnread(talk, 1)).toBe(1);
    expect(countUnread(talk, 3)).toBe(0);
  });
});

describe("receipts", () => {
  it("only climb, and what was read was delivered", () => {
    expect(climb({ delivered: 5, read: 2 }, { delivered: 3, read: 1 })).toEqual({ delivered: 5, read: 2 });
    expect(climb({ delivered: 1, read: 0 }, { delivered: 0, read: 4 })).toEqual({ delivered: 4, read: 4 });
  });

  it("become ticks", () => {
    const receipts = { delivered: 2, read: 1 };
    expect([1, 2, 3].map((seq) => tickOf(message(seq), receipts))).toEqual(["read", "delivered", "sent"]);
  });
});

describe("the rows", () => {
  const unsent = { id: "u1", at: Date.UTC(2026, 10, 22, 9, 30), text: "waits", files: [], button: null };

  it("show a message once, though its ack came before the queue was emptied", () => {
    const stored = message(3, { direction: "inbound", client_id: "u1" });
    const rows = rowsOf([stored], [unsent]);
    expect(rows.filter((row) => row.key === "u1")).toHaveLength(1);
    expect(rows.at(-1)?.kind).toBe("message");
    expect(rowsOf([], [unsent]).at(-1)).toMatchObject({ kind: "unsent", key: "u1" });
  });

  it("have one line a day, a name for each breath, and no old questions", () => {
    const rows = rowsOf([
      message(1, { at: "2026-11-20T12:00:00Z", buttons: [{ text: "Да" }] }),
      message(2, { at: "2026-11-20T12:01:00Z" }),
      message(3, { at: "2026-11-20T12:30:00Z", direction: "inbound" }),
      message(4, { at: "2026-11-22T12:00:00Z" }),
    ], []);
    expect(rows.map((row) => row.kind)).toEqual(["day", "message", "message", "message", "day", "message"]);
    const messages = rows.flatMap((row) => (row.kind === "message" ? [row] : []));
    expect(messages.map((row) => row.first)).toEqual([true, false, true, true]);
    expect(messages.map((row) => row.answered)).toEqual([true, true, false, false]);
  });
});
