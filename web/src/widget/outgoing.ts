import type { Attachment } from "./protocol";
import type { Keep } from "./store";

/** A message that the shop has not confirmed yet. `id` is ours, so that sending it twice stores it once. */
export interface Unsent {
  id: string;
  at: number; // ms since the epoch; also the order
  text: string;
  files: Attachment[];
  button: string | null;
  refused?: string; // the server's sentence; it waits for the visitor's decision
}

export type Verdict = { kind: "stored" } | { kind: "refused"; reason: string } | { kind: "lost" };
export type Lock = (work: () => Promise<void>) => Promise<void>;

const PLACE = "out:";

/**
 * The queue of unsent messages. Each has a key of its own in the storage, for two tabs that rewrite one list
 * would lose each other's words. One tab at a time sends (`lock`), one message at a time, in order.
 */
export class Outgoing {
  private sending = false;
  private asked = false;
  private last = 0;

  constructor(
    private readonly keep: Keep,
    private readonly lock: Lock,
    private readonly deliver: (unsent: Unsent) => Promise<Verdict>,
    private readonly changed: () => void,
  ) {}

  list(): Unsent[] {
    const entries = this.keep.names(PLACE).flatMap((name) => readUnsent(this.keep.get(name)));
    return entries.sort((a, b) => a.at - b.at);
  }

  add(unsent: Omit<Unsent, "at">, now: number): void {
    this.last = Math.max(now, this.last + 1, (this.list().pop()?.at ?? 0) + 1);
    this.write({ ...unsent, at: this.last });
  }

  settle(id: string): void {
    this.keep.remove(PLACE + id);
    this.changed();
  }

  retry(id: string): void {
    const entry = this.list().find((unsent) => unsent.id === id);
    if (entry) this.write({ ...entry, refused: undefined });
  }

  /** Sends all that waits; returns when nothing is left or the line is gone. Asked again meanwhile, it looks again. */
  async flush(): Promise<void> {
    this.asked = true;
    if (this.sending) return;
    this.sending = true;
    try {
      while (this.asked) {
        this.asked = false;
        await this.lock(() => this.sendAll());
      }
    } finally {
      this.sending = false;
    }
  }

  private async sendAll(): Promise<void> {
    for (let next = this.next(); next; next = this.next()) {
      const verdict = await this.deliver(next);
      if (verdict.kind === "lost") return;
      if (verdict.kind === "stored") this.settle(next.id);
      else this.write({ ...next, refused: verdict.reason });
    }
  }

  private next(): Unsent | undefined {
    return this.list().find((unsent) => unsent.refused === undefined);
  }

  private write(unsent: Unsent): void {
    this.keep.set(PLACE + unsent.id, JSON.stringify(unsent));
    this.changed();
  }
}

export function isQueueName(name: string): boolean {
  return name.startsWith(PLACE);
}

function readUnsent(raw: string | null): Unsent[] {
  return raw ? [JSON.parse(raw) as Unsent] : [];
}
