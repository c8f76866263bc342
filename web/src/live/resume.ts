// How far we have heard. Events carry seq; after a cut we say the last one and get the rest, in order.
import type { LiveEvent } from "../api/types";

export class Resume {
  constructor(public seq: number) {}

  /** Whether the event is news: repeated and overlapping ones are dropped; those without seq always pass. */
  accept(event: LiveEvent): boolean {
    if (!("seq" in event) || event.kind === "hello") return true;
    if (event.seq <= this.seq) return false;
    this.seq = event.seq;
    return true;
  }
}

/** Milliseconds before the next try: 0.5 s doubling to 30 s, spread so that a restart is not stormed. */
export function backOff(failures: number, chance: number): number {
  const full = Math.min(30_000, 500 * 2 ** failures);
  return full / 2 + (full / 2) * chance;
}
