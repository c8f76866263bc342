import { describe, expect, it } from "vitest";
import { takeLease } from "./lock";
import { type Lock, Outgoing, type Unsent, type Verdict } from "./outgoing";
import { Keep } from "./store";

class Shelf implements Storage {
  readonly map = new Map<string, string>();
  full = false;
  get length() {
    return this.map.size;
  }
  key = (i: number) => [...this.map.keys()][i] ?? null;
  getItem = (key: string) => this.map.get(key) ?? null;
  removeItem = (key: string) => void this.map.delete(key);
  clear = () => this.map.clear();
  setItem(key: string, value: string) {
    if (this.full) throw new DOMException("full", "QuotaExceededError");
    this.map.set(key, value);
  }
}

const entry = (id: string) => ({ id, text: id, files: [], button: null });
const alone: Lock = (work) => work();

function oneAtATime(): Lock {
  let tail = Promise.resolve();
  return (work) => (tail = tail.then(work));
}

describe("the queue of unsent messages", () => {
  it("keeps the order though the clock stands still, and survives a reload", () => {
    const shelf = new Shelf();
    const before = new Outgoing(new Keep("p:", shelf), alone, () => Promise.resolve({ kind: "lost" }), () => undefined);
    ["c", "a", "b"].forEach((id) => before.add(entry(id), 1000));
    const after = new Outgoing(new Keep("p:", shelf), alone, () => Promise.resolve({ kind: "lost" }), () => undefined);
    after.add(entry("d"), 500);
    expect(after.list().map((unsent) => unsent.id)).toEqual(["c", "a", "b", "d"]);
  });

  it("is sent by one tab only, in order, each message once", async () => {
    const shelf = new Shelf();
    const lock = oneAtATime();
    const sent: string[] = [];
    const deliver = async (unsent: Unsent): Promise<Verdict> => {
      await Promise.resolve();
      sent.push(unsent.id);
      return { kind: "stored" };
    };
    const tabs = [1, 2, 3].map(() => new Outgoing(new Keep("p:", shelf), lock, deliver, () => undefined));
    ["a", "b", "c", "d"].forEach((id, i) => tabs[i % 3]?.add(entry(id), i));
    await Promise.all(tabs.map((tab) => tab.flush()));
    expect(sent).toEqual(["a", "b", "c", "d"]);
    expect(tabs[0]?.list()).toEqual([]);
  });

  it("stops at a lost line and keeps everything, steps over a refusal and keeps its reason", async () => {
    const verdicts: Verdict[] = [{ kind: "stored" }, { kind: "refused", reason: "Слишком длинно." }, { kind: "lost" }];
    const queue = new Outgoing(new Keep("p:", new Shelf()), alone, () => Promise.resolve(verdicts.shift() as Verdict), () => undefined);
    ["a", "b", "c", "d"].forEach((id, i) => queue.add(entry(id), i));
    await queue.flush();
    expect(queue.list().map(({ id, refused }) => [id, refused])).toEqual([["b", "Слишком длинно."], ["c", undefined], ["d", undefined]]);
    verdicts.push({ kind: "stored" }, { kind: "stored" }, { kind: "stored" });
    queue.retry("b");
    await queue.flush();
    expect(queue.list()).toEqual([]);
  });

  it("sees what was added while it was sending", async () => {
    const sent: string[] = [];
    const queue: Outgoing = new Outgoing(new Keep("p:", new Shelf()), alone, async (unsent) => {
      sent.push(unsent.id);
      if (unsent.id === "a") {
        queue.add(entry("b"), 2);
        await queue.flush();
      }
      return { kind: "stored" };
    }, () => undefined);
    queue.add(entry("a"), 1);
    await queue.flush();
    expect(sent).toEqual(["a", "b"]);
  });
});

describe("what is kept", () => {
  it("goes on in memory when the storage is full or blocked", () => {
    const shelf = new Shelf();
    const keep = new Keep("p:", shelf);
    keep.set("token", "old");
    shelf.full = true;
    keep.set("token", "new");
    expect(keep.get("token")).toBe("new");
    keep.remove("token");
    expect(keep.get("token")).toBeNull();
    const blocked = new Keep("p:", null);
    blocked.set("out:1", "x");
    expect([blocked.get("out:1"), blocked.names("out:")]).toEqual(["x", ["out:1"]]);
  });

  it("does not mix two inboxes of one shop", () => {
    const shelf = new Shelf();
    new Keep("one:", shelf).set("out:1", "x");
    expect(new Keep("two:", shelf).names("out:")).toEqual([]);
  });

  it("lends the lease to one tab until it ends", () => {
    const shelf = new Shelf();
    const [one, two] = [new Keep("p:", shelf), new Keep("p:", shelf)];
    expect(takeLease(one, "tab-1", 0)).toBe(true);
    expect(takeLease(two, "tab-2", 19_000)).toBe(false);
    expect(takeLease(one, "tab-1", 19_000)).toBe(true);
    expect(takeLease(two, "tab-2", 60_000)).toBe(true);
  });
});
