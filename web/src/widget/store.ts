/** What the page keeps between visits. A blocked or full localStorage becomes memory: the chat works, only shorter. */
export class Keep {
  private readonly memory = new Map<string, string>();

  constructor(
    private readonly prefix: string,
    private readonly storage: Storage | null,
  ) {}

  get(name: string): string | null {
    const key = this.prefix + name;
    return this.memory.get(key) ?? this.attempt((storage) => storage.getItem(key)) ?? null;
  }

  set(name: string, value: string): void {
    const key = this.prefix + name;
    const kept = this.attempt((storage) => (storage.setItem(key, value), true));
    if (kept) this.memory.delete(key);
    else this.memory.set(key, value);
  }

  remove(name: string): void {
    this.memory.delete(this.prefix + name);
    this.attempt((storage) => storage.removeItem(this.prefix + name));
  }

  /** The names under `start`, without the prefix of this inbox. */
  names(start: string): string[] {
    const stored = this.attempt((storage) => Array.from({ length: storage.length }, (_, i) => storage.key(i) ?? "")) ?? [];
    const all = new Set([...stored, ...this.memory.keys()]);
    return [...all].filter((key) => key.startsWith(this.prefix + start)).map((key) => key.slice(this.prefix.length));
  }

  /** The name behind a `storage` event's key, or null when it belongs to somebody else. */
  nameOf(key: string | null): string | null {
    return key?.startsWith(this.prefix) ? key.slice(this.prefix.length) : null;
  }

  private attempt<T>(act: (storage: Storage) => T): T | undefined {
    if (!this.storage) return undefined;
    try {
      return act(this.storage);
    } catch (error) {
      // Full, or taken away while the page lives; the caller goes on in memory.
      if (error instanceof DOMException) return undefined;
      throw error;
    }
  }
}

/** A browser may refuse even the look at its storage; that is an answer, not a fault. */
export function storageOf(read: () => Storage): Storage | null {
  try {
    return read();
  } catch (error) {
    if (error instanceof DOMException) return null;
    throw error;
  }
}
