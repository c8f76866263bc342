import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { Line, type Wire } from "./line";
import type { ServerFrame } from "./protocol";

class FakeWire implements Wire {
  onopen: (() => void) | null = null;
  onmessage: ((event: { data: unknown }) => void) | null = null;
  onclose: ((event: { code: number }) => void) | null = null;
  readonly sent: string[] = [];
  closed = false;
  send = (data: string) => void this.sent.push(data);
  close = () => void (this.closed = true);
  say = (frame: object) => this.onmessage?.({ data: JSON.stringify(frame) });
}

describe("the line", () => {
  let wires: FakeWire[];
  let heard: ServerFrame[];
  let barred: number[];
  let line: Line;
  const latest = () => wires[wires.length - 1] as FakeWire;
  const welcome = () => latest().say({ kind: "welcome", visitor: "t" });

  beforeEach(() => {
    vi.useFakeTimers();
    [wires, heard, barred] = [[], [], []];
    const connect = () => {
      wires.push(new FakeWire());
      return latest();
    };
    line = new Line(connect, {
      up: () => line.hello({ kind: "hello" }),
      frame: (frame) => heard.push(frame),
      down: () => undefined,
      barred: (code) => barred.push(code),
    }, () => 1);
  });
  afterEach(() => void vi.useRealTimers());

  it("waits longer after every failure, up to half a minute, and begins anew after a welcome", () => {
    line.start();
    const pauses: number[] = [];
    for (let i = 0; i < 9; i++) {
      const [count, began] = [wires.length, Date.now()];
      latest().onclose?.({ code: 1006 });
      while (wires.length === count) vi.advanceTimersByTime(100);
      pauses.push(Date.now() - began);
    }
    expect(pauses).toEqual([500, 1000, 2000, 4000, 8000, 16_000, 30_000, 30_000, 30_000]);
    welcome();
    latest().onclose?.({ code: 1012 });
    vi.advanceTimersByTime(500);
    expect(wires).toHaveLength(11);
  });

  it("comes back at once when the network does", () => {
    line.start();
    latest().onclose?.({ code: 1006 });
    line.nudge();
    expect(wires).toHaveLength(2);
    line.nudge();
    expect(wires).toHaveLength(2);
    vi.advanceTimersByTime(600);
    expect(wires).toHaveLength(2);
  });

  it("does not knock again where it is not allowed, and slowly where it was too much", () => {
    line.start();
    latest().onclose?.({ code: 4429 });
    vi.advanceTimersByTime(29_000);
    expect(wires).toHaveLength(1);
    vi.advanceTimersByTime(1_000);
    latest().onclose?.({ code: 4403 });
    vi.advanceTimersByTime(600_000);
    expect([wires.length, barred]).toEqual([2, [4403]]);
  });

  it("sends nothing before the welcome, and gives up on a server that stays silent", () => {
    line.start();
    latest().onopen?.();
    expect(line.send({ kind: "typing" })).toBe(false);
    expect(latest().sent).toHaveLength(1);
    vi.advanceTimersByTime(15_500);
    expect([wires.length, wires[0]?.closed]).toEqual([2, true]);
    welcome();
    expect(line.send({ kind: "typing" })).toBe(true);
  });

  it("ignores what it does not understand and what comes on a wire that was given up", () => {
    vi.spyOn(console, "warn").mockImplementation(() => undefined);
    line.start();
    welcome();
    latest().onmessage?.({ data: "{" });
    latest().say({ kind: "something new" });
    latest().say([]);
    const old = latest();
    line.restart();
    old.say({ kind: "typing", who: { name: "x" } });
    expect(heard.map((frame) => frame.kind)).toEqual(["welcome"]);
  });
});
