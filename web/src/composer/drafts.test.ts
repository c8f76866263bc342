import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import type { Draft } from "../api/types";
import { wayOf, whyNot } from "./channel";
import { Drafts, type Box } from "./drafts";
import { walk } from "./emoji";

const words = (text: string) => ({ text, kind: "reply" as const, inbox_id: null, attachments: [] });

describe("drafts", () => {
  let stored: Map<string, string>;
  let box: Box;
  let server: { load: ReturnType<typeof vi.fn>; save: ReturnType<typeof vi.fn>; drop: ReturnType<typeof vi.fn> };
  let drafts: Drafts;

  beforeEach(() => {
    vi.useFakeTimers({ now: new Date("2026-11-18T10:00:00Z") });
    stored = new Map();
    box = { getItem: (key) => stored.get(key) ?? null, setItem: (key, value) => void stored.set(key, value), removeItem: (key) => void stored.delete(key) };
    server = { load: vi.fn().mockResolvedValue(null), save: vi.fn().mockResolvedValue(null), drop: vi.fn().mockResolvedValue(null) };
    drafts = new Drafts(server, box);
  });

  afterEach(() => void vi.useRealTimers());

  it("are saved once after the last key, not at every key", async () => {
    for (const text of ["H", "He", "Hello"]) drafts.change("c1", words(text));
    await vi.advanceTimersByTimeAsync(1000);
    expect(server.save).toHaveBeenCalledTimes(1);
    expect(server.save).toHaveBeenCalledWith("c1", words("Hello"));
    expect(stored.size).toBe(0);
  });

  it("stay in the browser while the server is away and go there later", async () => {
    server.save.mockRejectedValueOnce(new Error("offline"));
    drafts.change("c1", words("Hello"));
    await vi.advanceTimersByTimeAsync(1000);
    expect(stored.size).toBe(1);
    await drafts.flush("c1");
    expect(server.save).toHaveBeenCalledTimes(2);
    expect(stored.size).toBe(0);
  });

  it("come back from the browser when the server cannot be asked", async () => {
    drafts.change("c1", words("Hello"));
    server.load.mockRejectedValue(new Error("offline"));
    expect((await drafts.open("c1"))?.text).toBe("Hello");
  });

  it("take the newer of two copies", async () => {
    const remote = (updated_at: string): Draft => ({ ...words("from another desk"), updated_at });
    drafts.change("c1", words("mine"));
    server.load.mockResolvedValue(remote("2026-11-18T09:00:00Z"));
    expect((await drafts.open("c1"))?.text).toBe("mine");
    server.load.mockResolvedValue(remote("2026-11-18T11:00:00Z"));
    expect((await drafts.open("c1"))?.text).toBe("from another desk");
  });

  it("keep what is typed while the server is still asked for an older one", async () => {
    const older: Draft = { ...words("from another desk"), updated_at: "2026-11-18T09:00:00Z" };
    let answer: (draft: Draft | null) => void = () => undefined;
    server.load.mockReturnValue(new Promise((resolve) => (answer = resolve)));
    const opened = drafts.open("c1");
    drafts.change("c1", words("typed meanwhile"));
    await vi.advanceTimersByTimeAsync(5000);
    expect(server.save).not.toHaveBeenCalled();
    answer(older);
    expect(await opened).toEqual(older);
    await vi.advanceTimersByTimeAsync(1000);
    expect(server.save).toHaveBeenCalledWith("c1", words("typed meanwhile"));
  });

  it("are gone from both places when the text is deleted or sent", async () => {
    drafts.change("c1", words("   "));
    await vi.advanceTimersByTimeAsync(1000);
    expect(server.drop).toHaveBeenCalledWith("c1");
    drafts.change("c2", words("Hello"));
    drafts.clear("c2");
    await vi.advanceTimersByTimeAsync(1000);
    expect(server.drop).toHaveBeenCalledWith("c2");
    expect(server.save).not.toHaveBeenCalled();
  });

  it("do not lose a key that was pressed while the server was saving", async () => {
    let saved: () => void = () => undefined;
    server.save.mockImplementationOnce(() => new Promise<void>((resolve) => (saved = resolve)));
    drafts.change("c1", words("Hel"));
    vi.advanceTimersByTime(1000);
    drafts.change("c1", words("Hello"));
    saved();
    await vi.advanceTimersByTimeAsync(1000);
    expect(server.save).toHaveBeenLastCalledWith("c1", words("Hello"));
  });

  it("keep a half-written note beside a reply, in this browser", () => {
    drafts.setAside("c1", "note", "ask the warehouse");
    expect(drafts.aside("c1")).toEqual({ kind: "note", text: "ask the warehouse" });
    drafts.setAside("c1", "note", " ");
    expect(drafts.aside("c1")).toBeNull();
  });

  it("ignore what another program left under our name", async () => {
    stored.set("prilavok.draft.c1", "{broken");
    expect(await drafts.open("c1")).toBeNull();
  });
});

describe("the way to answer", () => {
  const way = (inbox_id: string, can_reply: boolean, reason: string | null = null) => ({ inbox_id, name: "", channel: "x", identity_id: "", address: "", can_reply, reason });

  it("is the agent's choice, else where the customer wrote, else the best that works", () => {
    const ways = { channels: [way("a", true), way("b", true), way("c", false)], reply_inbox_id: "b" };
    expect(wayOf(ways, "a")?.inbox_id).toBe("a");
    expect(wayOf(ways, "c")?.inbox_id).toBe("b");
    expect(wayOf({ ...ways, reply_inbox_id: "c" }, null)?.inbox_id).toBe("a");
  });

  it("says why there is none", () => {
    const ways = { channels: [way("a", false, "The customer has blocked the bot.")], reply_inbox_id: "a" };
    expect(wayOf(ways, null)).toBeNull();
    expect(whyNot(ways)).toBe("The customer has blocked the bot.");
  });
});

describe("the emoji table", () => {
  it("is walked by arrows and has walls", () => {
    expect([walk(0, "ArrowRight", 8, 48), walk(0, "ArrowUp", 8, 48), walk(3, "ArrowDown", 8, 48), walk(47, "ArrowRight", 8, 48)]).toEqual([1, 0, 11, 47]);
  });
});
