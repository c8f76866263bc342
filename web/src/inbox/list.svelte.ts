// The list on the screen: one view, its pages, its counts, and the news about it.
import * as calls from "../api/calls";
import type { Conversation, Counts, Status } from "../api/types";
import { router } from "../frame/router.svelte";
import { session } from "../frame/session.svelte";
import { addPage, neighbour, place, type View } from "./order";

const pageSize = 50;

export function viewOf(param: (name: string) => string | null): View {
  const assignee = param("view");
  const status = param("status");
  return {
    assignee: assignee === "mine" || assignee === "unassigned" ? assignee : "all",
    status: status === "snoozed" || status === "closed" ? status : "open",
    inbox: param("inbox"),
    tag: param("tag"),
    public: param("public") === "true",
    q: param("q") ?? "",
  };
}

class ConversationList {
  rows = $state.raw<Conversation[]>([]);
  counts = $state.raw<Counts | null>(null);
  state = $state<"loading" | "ready" | "failed">("loading");
  error = $state.raw<unknown>(null);
  loadingMore = $state(false);
  private next = $state.raw<string | null>(null);
  private view: View = viewOf(() => null);
  private key = "";
  private asked: AbortController | null = null;
  private countTimer: ReturnType<typeof setTimeout> | undefined;

  get complete(): boolean {
    return this.next === null;
  }

  show(view: View): void {
    const key = JSON.stringify(view);
    if (key === this.key) return;
    this.key = key;
    this.view = view;
    this.rows = [];
    void this.reload();
  }

  async reload(): Promise<void> {
    this.asked?.abort();
    const asked = (this.asked = new AbortController());
    if (!this.rows.length) this.state = "loading";
    this.recount();
    try {
      const page = await calls.conversations(this.question(null), asked.signal);
      if (asked.signal.aborted) return;
      this.rows = addPage([], page.items);
      this.next = page.next;
      this.state = "ready";
    } catch (error) {
      if (asked.signal.aborted) return;
      this.error = error;
      if (!this.rows.length) this.state = "failed";
    }
  }

  async more(): Promise<void> {
    if (!this.next || this.loadingMore || this.state !== "ready") return;
    this.loadingMore = true;
    const key = this.key;
    try {
      const page = await calls.conversations(this.question(this.next));
      if (key !== this.key) return;
      this.rows = addPage(this.rows, page.items);
      this.next = page.next;
    } catch (error) {
      this.error = error; // the next scroll asks again
    } finally {
      this.loadingMore = false;
    }
  }

  hear(news: Conversation): void {
    if (this.state === "ready") this.rows = place(this.rows, news, this.view, session.myId, this.complete);
    this.recount(1500);
  }

  /** What an agent has just opened is no longer bold here, before the server says so. */
  seen(id: string): void {
    const row = this.rows.find((one) => one.id === id);
    if (row?.unread) this.rows = this.rows.map((one) => (one.id === id ? { ...one, unread: false } : one));
  }

  neighbour(id: string | null, step: 1 | -1): string | null {
    return id ? neighbour(this.rows, id, step) : (this.rows[0]?.id ?? null);
  }

  private question(cursor: string | null): calls.ListQuery {
    const { assignee, status, inbox, tag, q } = this.view;
    const everybody = this.view.public ? ("true" as const) : null;
    const who = assignee === "mine" ? "me" : assignee === "unassigned" ? "none" : null;
    return { status, assignee: who, inbox, tag, public: everybody, q, cursor, limit: pageSize };
  }

  /** Counts follow the news at most every `wait` milliseconds. */
  private recount(wait = 0): void {
    if (this.countTimer && wait) return;
    clearTimeout(this.countTimer);
    this.countTimer = setTimeout(() => {
      this.countTimer = undefined;
      calls.counts().then(
        (counts) => (this.counts = counts),
        () => undefined, // old figures stay until the next news; the bar says that the line is cut
      );
    }, wait);
  }
}

export const list = new ConversationList();

/** The address of a conversation within the view that is open. */
export function addressOf(id: string | null): string {
  return id ? `/inbox/${id}${router.search}` : `/inbox${router.search}`;
}

export const statuses: Status[] = ["open", "snoozed", "closed"];
