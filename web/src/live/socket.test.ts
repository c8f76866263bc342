import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import type { LiveEvent } from "../api/types";
import { backOff, Resume } from "./resume";
import { LiveSocket } from "./socket";

class FakeSocket {
  readyState = 1;
  sent: string[] = [];
  onmessage: ((event: { data: string }) => void) | null = null;
  onclose: ((event: { code: number }) => void) | null = null;
  constructor(readonly seq: number) {}
  send(text: string) {
    this.sent.push(text);
  }
  close() {
    this.readyState = 3;
  }
  says(event: LiveEvent) {
    this.onmessage?.({ data: JSON.stringify(event) });
  }
}

const changed = (seq: number): LiveEvent => ({ seq, kind: "inbox.changed", inbox_id: `i${seq}` });

describe("the agents' socket", () => {
  let sockets: FakeSocket[];
  let heard: LiveEvent[];
  let signedOut: boolean;
  let states: boolean[];
  let resetTo: () => Promise<number>;
  let live: LiveSocket;

  beforeEach(() => {
    vi.useFakeTimers();
    [sockets, heard, states, signedOut] = [[], [], [], false];
    resetTo = () => Promise.resolve(500);
    live = new LiveSocket(
      { event: (event) => heard.push(event), reset: () => resetTo(), state: (connected) => states.push(connected), signedOut: () => (signedOut = true) },
      10,
      (seq) => (sockets[sockets.push(new FakeSocket(seq)) - 1] as unknown) as WebSocket,
      () => 1,
    );
    live.start();
  });
  afterEach(() => void vi.useRealTimers());
  const last = () => sockets.at(-1) as FakeSocket;
  const seqs = () => heard.flatMap((event) => ("seq" in event && event.kind !== "hello" ? [event.seq] : []));

  it("begins from the seq of the page and tells news in order", () => {
    expect(last().seq).toBe(10);
    last().says({ kind: "hello", seq: 12 });
    last().says(changed(11));
    last().says(changed(12));
    expect(seqs()).toEqual([11, 12]);
  });

  it("after a cut goes on from the last seq and drops what it has already heard", () => {
    last().says(changed(11));
    last().onclose?.({ code: 1006 });
    vi.advanceTimersByTime(600);
    expect(sockets).toHaveLength(2);
    expect(last().seq).toBe(11);
    last().says(changed(11));
    last().says(changed(12));
    expect(seqs()).toEqual([11, 12]);
    expect(states).toEqual([false]);
  });

  it("after a reset loads again and goes on from there", async () => {
    last().says({ kind: "reset" });
    await vi.runAllTimersAsync();
    expect(last().seq).toBe(500);
    last().says(changed(499));
    last().says(changed(501));
    expect(seqs()).toEqual([501]);
  });

  it("tries again when loading after a reset fails", async () => {
    resetTo = () => Promise.reject(new Error("no line"));
    last().says({ kind: "reset" });
    await vi.advanceTimersByTimeAsync(600);
    expect(sockets).toHaveLength(2);
    expect(last().seq).toBe(10);
  });

  it("does not reconnect when the session has ended, nor after it was stopped", () => {
    last().onclose?.({ code: 4401 });
    vi.advanceTimersByTime(60_000);
    expect(signedOut).toBe(true);
    expect(sockets).toHaveLength(1);
  });

  it("always lets typing and viewing through, for they have no seq", () => {
    const resume = new Resume(50);
    expect(resume.accept({ kind: "presence", agents: [] })).toBe(true);
    expect(resume.accept(changed(50))).toBe(false);
  });

  it("waits longer after each failure, at most half a minute", () => {
    expect([0, 1, 2, 10].map((failures) => backOff(failures, 1))).toEqual([500, 1000, 2000, 30_000]);
    expect(backOff(3, 0)).toBe(2000);
  });
});
