// Drafts: in this browser at once, on the server a moment later, so that they survive both a crash and another desk.
import type { Draft } from "../api/types";

export interface DraftServer {
  load: (id: string) => Promise<Draft | null>;
  save: (id: string, draft: Omit<Draft, "updated_at">) => Promise<unknown>;
  drop: (id: string) => Promise<unknown>;
}

export interface Box {
  getItem: (key: string) => string | null;
  setItem: (key: string, value: string) => void;
  removeItem: (key: string) => void;
}

interface Kept extends Draft {
  unsaved: boolean;
}

const prefix = "prilavok.draft.";

export class Drafts {
  private readonly timers = new Map<string, ReturnType<typeof setTimeout>>();
  private readonly opening = new Set<string>();

  constructor(
    private readonly server: DraftServer,
    private readonly box: Box,
    private readonly now: () => Date = () => new Date(),
    private readonly delay = 800,
  ) {}

  /** The newer of the two copies as they were when it was asked. Unreachable server: the local one. */
  async open(id: string): Promise<Draft | null> {
    const local = this.read(id);
    let remote: Draft | null = null;
    this.opening.add(id);
    try {
      remote = await this.server.load(id);
    } catch {
      return local; // the list and the bar already say that the server is away
    } finally {
      this.opening.delete(id);
    }
    if (local?.unsaved && (!remote || local.updated_at > remote.updated_at)) {
      this.schedule(id);
      return local;
    }
    const typedMeanwhile = this.read(id)?.updated_at !== local?.updated_at;
    if (!typedMeanwhile) this.box.removeItem(prefix + id);
    return remote;
  }

  /** The other sheet (a half-written note beside a reply) is kept in this browser only. */
  setAside(id: string, kind: "reply" | "note", text: string): void {
    if (text.trim()) this.box.setItem(`${prefix}${id}.aside`, JSON.stringify({ kind, text }));
    else this.box.removeItem(`${prefix}${id}.aside`);
  }

  aside(id: string): { kind: "reply" | "note"; text: string } | null {
    return this.stored<{ kind: "reply" | "note"; text: string }>(`${prefix}${id}.aside`);
  }

  change(id: string, draft: Omit<Draft, "updated_at">): void {
    const empty = !draft.text.trim() && draft.attachments.length === 0;
    const kept: Kept = { ...draft, ...(empty ? { text: "", attachments: [] } : {}), updated_at: this.now().toISOString(), unsaved: true };
    this.box.setItem(prefix + id, JSON.stringify(kept));
    this.schedule(id);
  }

  /** After sending: gone in both places. */
  clear(id: string): void {
    clearTimeout(this.timers.get(id));
    this.timers.delete(id);
    this.box.removeItem(prefix + id);
    this.box.removeItem(`${prefix}${id}.aside`);
    void this.server.drop(id).catch(() => undefined); // an old draft that stays is harmless: a newer text wins
  }

  /** Writes what is due to the server; called by the timer, when the page is left and when the line is back. */
  async flush(id: string): Promise<void> {
    clearTimeout(this.timers.get(id));
    this.timers.delete(id);
    const kept = this.read(id);
    if (!kept?.unsaved) return;
    const { unsaved: _, updated_at: at, ...draft } = kept;
    try {
      if (draft.text || draft.attachments.length) await this.server.save(id, draft);
      else await this.server.drop(id);
    } catch {
      return; // stays marked as unsaved, and is tried again with the next change or flush
    }
    const current = this.read(id);
    if (current && current.updated_at === at) this.box.removeItem(prefix + id);
  }

  private schedule(id: string): void {
    clearTimeout(this.timers.get(id));
    // What is typed while the old draft is on its way must not come back as that old draft.
    const due = () => (this.opening.has(id) ? this.schedule(id) : void this.flush(id));
    this.timers.set(id, setTimeout(due, this.delay));
  }

  private read(id: string): Kept | null {
    return this.stored<Kept>(prefix + id);
  }

  private stored<T>(key: string): T | null {
    const text = this.box.getItem(key);
    if (!text) return null;
    try {
      return JSON.parse(text) as T;
    } catch {
      this.box.removeItem(key); // another program wrote here
      return null;
    }
  }
}

/** localStorage where it is allowed, else memory for this page. */
export function localBox(): Box {
  try {
    localStorage.setItem("prilavok.probe", "1");
    localStorage.removeItem("prilavok.probe");
    return localStorage;
  } catch {
    const memory = new Map<string, string>();
    return {
      getItem: (key) => memory.get(key) ?? null,
      setItem: (key, value) => void memory.set(key, value),
      removeItem: (key) => void memory.delete(key),
    };
  }
}
