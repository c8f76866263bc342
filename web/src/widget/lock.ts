import type { Lock } from "./outgoing";
import type { Keep } from "./store";

const LEASE = 20_000; // ms: longer than a message waits for its ack
const LOOK_AGAIN = 250; // ms

/** One tab at a time: Web Locks where they exist, else a lease of `me` in the storage (a rare tie is harmless: ids are ours). */
export function tabLock(name: string, me: string, keep: Keep, locks: LockManager | undefined): Lock {
  if (locks) {
    return async (work) => {
      await locks.request(name, work);
    };
  }
  return async (work) => {
    while (!takeLease(keep, me, Date.now())) await new Promise((wake) => setTimeout(wake, LOOK_AGAIN));
    try {
      await work();
    } finally {
      keep.remove("lease");
    }
  };
}

export function takeLease(keep: Keep, me: string, now: number): boolean {
  const [owner, until] = (keep.get("lease") ?? "").split(" ");
  if (owner && owner !== me && Number(until) > now) return false;
  keep.set("lease", `${me} ${now + LEASE}`);
  return keep.get("lease")?.startsWith(me) ?? false;
}
