// Open conversations: details, messages, what is on its way. A handful stays in memory, so that going back is instant.
import * as calls from "../api/calls";
import type { Author, Conversation, ConversationDetail, LiveMessage, Message, Person } from "../api/types";
import { session } from "../frame/session.svelte";
import { merge, renewed } from "./thread";

const kept = 24;
const typingLasts = 6000;

type News = Partial<Pick<LiveMessage, "message" | "conversation">>;

export class Thread {
  detail = $state.raw<ConversationDetail | null>(null);
  messages = $state.raw<Message[]>([]);
  more = $state(false);
  state = $state<"loading" | "ready" | "failed">("loading");
  error = $state.raw<unknown>(null);
  loadingOlder = $state(false);
  typing = $state.raw<Author | null>(null);
  viewers = $state.raw<Person[]>([]);
  private typingTimer: ReturnType<typeof setTimeout> | undefined;
  private loads = 0;
  private meanwhile: News[] = []; // told while an answer was on its way that may be older

  constructor(readonly id: string) {}

  async load(): Promise<void> {
    this.loads += 1;
    try {
      const [detail, page] = await Promise.all([calls.conversation(this.id), calls.messages(this.id)]);
      this.detail = detail;
      const older = this.messages.length > 0 && page.items.some((one) => this.messages.some((known) => known.id === one.id));
      this.messages = older ? merge(this.messages, page.items) : merge([], page.items);
      this.more = older ? this.more : page.next !== null;
      this.state = "ready";
    } catch (error) {
      this.error = error;
      if (!this.detail) this.state = "failed";
    } finally {
      this.loads -= 1;
      const told = this.meanwhile;
      this.meanwhile = [];
      for (const one of told) this.heard(one);
    }
  }

  async older(): Promise<void> {
    const first = this.messages[0];
    if (!this.more || this.loadingOlder || !first) return;
    this.loadingOlder = true;
    try {
      const page = await calls.messages(this.id, first.seq);
      this.messages = merge(this.messages, page.items);
      this.more = page.next !== null && page.items.length > 0;
    } catch (error) {
      this.error = error; // the next scroll asks again
    } finally {
      this.loadingOlder = false;
    }
  }

  /** News from the live line: what comes while the thread loads is told again once it is there. */
  heard(told: News): void {
    if (this.loads > 0) this.meanwhile.push(told);
    if (this.state !== "ready") return;
    if (told.message) this.hear(told.message);
    if (told.conversation) this.change(told.conversation);
  }

  hear(message: Message): void {
    this.messages = merge(this.messages, [message]);
    if (message.direction === "inbound") this.typing = null;
  }

  /** Our own new reply, as the answer to the request tells it. Live events may have told more of it by then. */
  learn(message: Message): void {
    if (!this.messages.some((one) => one.id === message.id)) this.hear(message);
  }

  /** Our own reply that was taken back, whether the live line has told so already or tells it later. */
  gone(id: string): void {
    const at = new Date().toISOString();
    this.messages = this.messages.map((one) => (one.id === id && !one.deleted_at ? { ...one, deleted_at: at } : one));
  }

  /** News of the row fits the detail, except that a row knows less of the contact and of what may be done in public. */
  change(row: Conversation): void {
    if (!this.detail) return;
    const contact = { ...this.detail.contact, name: row.contact.name };
    this.detail = { ...this.detail, ...row, contact, publication: renewed(this.detail.publication, row.publication) };
  }

  async refreshDetail(): Promise<void> {
    this.detail = await calls.conversation(this.id);
  }

  hearTyping(who: Author): void {
    if (who.id === session.myId) return; // our own echo
    this.typing = who;
    clearTimeout(this.typingTimer);
    this.typingTimer = setTimeout(() => (this.typing = null), typingLasts);
  }

  hearViewers(agents: Person[]): void {
    this.viewers = agents.filter((agent) => agent.id !== session.myId);
  }
}

class Threads {
  private readonly open = new Map<string, Thread>();

  /** The thread, from memory or new; in both cases it is brought up to date. */
  get(id: string): Thread {
    const found = this.open.get(id) ?? new Thread(id);
    this.open.delete(id);
    this.open.set(id, found);
    const oldest = this.open.keys().next().value;
    if (this.open.size > kept && oldest) this.open.delete(oldest);
    void found.load();
    return found;
  }

  peek(id: string): Thread | undefined {
    return this.open.get(id);
  }

  hear(told: LiveMessage): void {
    this.open.get(told.message.conversation_id)?.heard(told);
  }

  contactChanged(contactId: string): void {
    for (const thread of this.open.values()) {
      if (thread.detail?.contact.id === contactId) void thread.refreshDetail().catch((error: unknown) => (thread.error = error));
    }
  }

  /** After a reset nothing in memory can be trusted. */
  forget(current: string | null): void {
    for (const id of [...this.open.keys()]) if (id !== current) this.open.delete(id);
    if (current) void this.open.get(current)?.load();
  }
}

export const threads = new Threads();
