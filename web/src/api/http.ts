// One way to ask the server. A refusal is a Problem with a sentence for the person; a cut line is Offline.
import { learnReasons, sayRefusal } from "../i18n/words.svelte";

export class Problem extends Error {
  constructor(
    readonly status: number,
    readonly detail: string,
    readonly field: string | null = null,
    readonly retryAfter: number | null = null,
  ) {
    super(detail);
  }
}

/** The server was not reached: nothing is known about what it did, so only safe or keyed requests are repeated. */
export class Offline extends Error {}

type Listener = (reached: boolean) => void;
let onReach: Listener = () => undefined;
let onSignedOut: () => void = () => undefined;

export function observe(reach: Listener, signedOut: () => void): void {
  onReach = reach;
  onSignedOut = signedOut;
}

export interface Ask {
  method?: string;
  body?: unknown;
  raw?: Blob;
  headers?: Record<string, string>;
  signal?: AbortSignal;
  quiet401?: boolean;
}

export async function ask<T>(path: string, { method = "GET", body, raw, headers = {}, signal, quiet401 }: Ask = {}): Promise<T> {
  const init: RequestInit = { method, headers: { Accept: "application/json", ...headers }, credentials: "same-origin" };
  if (signal) init.signal = signal;
  if (raw !== undefined) init.body = raw;
  else if (body !== undefined) {
    init.body = JSON.stringify(body);
    init.headers = { ...init.headers, "Content-Type": "application/json" };
  }
  let response: Response;
  try {
    response = await fetch(path, init);
  } catch (error) {
    if (signal?.aborted) throw error;
    onReach(false);
    throw new Offline("the server cannot be reached");
  }
  onReach(true);
  if (response.status === 401 && !quiet401) onSignedOut();
  if (!response.ok) throw await problemOf(response);
  if (response.status === 204) return null as T;
  return (await response.json()) as T;
}

async function problemOf(response: Response): Promise<Problem> {
  const after = Number(response.headers.get("Retry-After")) || null;
  const text = await response.text();
  try {
    const body = JSON.parse(text) as { detail?: string; title?: string; field?: string };
    const detail = body.detail ?? "";
    if (response.status !== 401) await learnReasons(); // who is not signed in reads the page's own words
    return new Problem(response.status, (response.status === 401 ? detail : sayRefusal(detail)) || (body.title ?? `${response.status}`), body.field ?? null, after);
  } catch {
    // A proxy answered with a page of its own.
    return new Problem(response.status, `${response.status} ${response.statusText}`.trim(), null, after);
  }
}

/** `?a=1&b=2` of what is set; empty values are left out. */
export function query(values: Record<string, string | number | null | undefined>): string {
  const set = Object.entries(values).filter(([, value]) => value !== null && value !== undefined && value !== "");
  return set.length ? "?" + new URLSearchParams(set.map(([key, value]) => [key, String(value)])).toString() : "";
}
