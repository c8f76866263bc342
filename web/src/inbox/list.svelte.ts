// The list on the screen: one view, its pages, its counts, and the news about it.
import * as calls from "../api/calls";
import { Pages } from "../api/pages.svelte";
import type { Conversation, Counts, Page, Status } from "../api/types";
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

class ConversationList extends Pages<Conversation, View> {
  counts = $state.raw<Counts | null>(null);
  private countTimer: ReturnType<typeof setTimeout> | undefined;

  override async reload(): Promise<void> {
    this.recount();
    await super.reload();
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

  protected override ask(cursor: string | null, signal?: AbortSignal): Promise<Page<Conversation>> {
    const { assignee, status, inbox, tag, q } = this.view;
    const everybody = this.view.public ? ("true" as const) : null;
    const who = assignee === "mine" ? "me" : assignee === "unassigned" ? "none" : null;
    const query = { status, assignee: who, inbox, tag, public: everybody, q, cursor, limit: pageSize } as const;
    return calls.conversations(query, signal);
  }

  protected override joined = addPage;

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

export const list = new ConversationList(viewOf(() => null));

/** The address of a conversation within the view that is open. */
export function addressOf(id: string | null): string {
  return id ? `/inbox/${id}${router.search}` : `/inbox${router.search}`;
}

export const statuses: Status[] = ["open", "snoozed", "closed"];
