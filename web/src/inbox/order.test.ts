import { describe, expect, it } from "vitest";
import type { Conversation } from "../api/types";
import { addPage, belongs, neighbour, onward, place, rank, sorted, type View } from "./order";
import { reveal, visible } from "./window";

const all: View = { assignee: "all", status: "open", inbox: null, tag: null, public: false, q: "" };
const at = (minute: number) => new Date(Date.UTC(2026, 10, 18, 10, minute)).toISOString();
function talk(id: string, waiting: number | null, last = 0, more: Partial<Conversation> = {}): Conversation {
  return {
    id, number: 1, status: "open", priority: "normal", public: false, subject: "", contact: { id: "p", name: "Anna" }, inbox: { id: "i1", name: "Chat", channel: "webchat" }, reply_inbox_id: null,
    assignee: null, tags: [], last_message: { text: "", at: at(last), direction: "inbound" }, waiting_since: waiting === null ? null : at(waiting), snoozed_until: null, unread: false, created_at: at(0), last_seq: 1, context: {}, ...more,
  };
}
const ids = (rows: Conversation[]) => rows.map((row) => row.id).join("");

describe("the order of the list", () => {
  it("puts those who wait first, longest on top, then the others, latest on top", () => {
    expect(ids(sorted([talk("a", null, 5), talk("b", 9), talk("c", null, 8), talk("d", 2)]))).toBe("dbca");
  });

  it("agrees with the server's rank to the millisecond", () => {
    expect(rank(talk("a", 1))).toBe(Date.UTC(2026, 10, 18, 10, 1));
    expect(rank(talk("a", null, 1))).toBe(2 ** 52 - Date.UTC(2026, 10, 18, 10, 1));
  });

  it("keeps a row once when it moved between two pages", () => {
    const rows = addPage([talk("a", 1), talk("b", 2)], [talk("b", 7), talk("c", 3)]);
    expect(ids(rows)).toBe("acb");
  });
});

describe("news about a conversation", () => {
  const rows = [talk("a", 1), talk("b", 2), talk("c", 3)];

  it("moves an answered conversation below those who wait", () => {
    expect(ids(place(rows, talk("a", null, 9), all, "me", true))).toBe("bca");
  });

  it("takes away what no longer belongs", () => {
    expect(ids(place(rows, talk("b", 2, 0, { status: "closed" }), all, "me", true))).toBe("ac");
    expect(ids(place(rows, talk("b", 2, 0, { assignee: { id: "x", name: "X" } }), { ...all, assignee: "mine" }, "me", true))).toBe("ac");
  });

  it("lets a row behind the last loaded one wait for its page", () => {
    expect(ids(place(rows, talk("z", 50), all, "me", false))).toBe("abc");
    expect(ids(place(rows, talk("z", 50), all, "me", true))).toBe("abcz");
  });

  it("adds nothing to a search, where only the server knows what matches", () => {
    const search = { ...all, q: "lamp" };
    expect(belongs(talk("z", 1), search, "me")).toBeNull();
    expect(ids(place(rows, talk("z", 1), search, "me", true))).toBe("abc");
    expect(ids(place(rows, talk("b", null, 9), search, "me", true))).toBe("acb");
  });

  it("filters by inbox, tag and owner", () => {
    expect(belongs(talk("a", 1), { ...all, inbox: "i2" }, "me")).toBe(false);
    expect(belongs(talk("a", 1, 0, { tags: ["опт"] }), { ...all, tag: "опт" }, "me")).toBe(true);
    expect(belongs(talk("a", 1, 0, { assignee: { id: "me", name: "" } }), { ...all, assignee: "unassigned" }, "me")).toBe(false);
  });

  it("finds the next and the one before", () => {
    expect([neighbour(rows, "b", 1), neighbour(rows, "b", -1), neighbour(rows, "c", 1), neighbour(rows, "gone", 1)]).toEqual(["c", "a", null, "a"]);
  });
});

describe("the window of a long list", () => {
  it("draws only what can be seen, with some to spare", () => {
    expect(visible(6800, 680, 68, 5000, 6)).toEqual({ from: 94, to: 116 });
    expect(visible(0, 680, 68, 3, 6)).toEqual({ from: 0, to: 3 });
    expect(visible(99_999, 680, 68, 3, 6)).toEqual({ from: 3, to: 3 });
  });

  it("moves as little as possible to show a row", () => {
    expect([reveal(2, 500, 680, 68), reveal(3, 0, 680, 68), reveal(20, 0, 680, 68)]).toEqual([136, 0, 748]);
  });
});

describe("going on after a conversation", () => {
  it("leads from an answered one, which has sunk, to whoever waits longest", () => {
    expect(onward([talk("a", 1), talk("b", 2), talk("c", null), talk("d", null)], "c")).toBe("a");
  });

  it("leads to the next otherwise, and back from the last", () => {
    expect(onward([talk("a", 1), talk("b", 2), talk("c", 3)], "b")).toBe("c");
    expect(onward([talk("a", null), talk("b", null)], "b")).toBe("a");
    expect(onward([talk("a", 1)], "a")).toBeNull();
  });
});
