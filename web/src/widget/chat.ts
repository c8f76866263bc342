import { Line, type Wire } from "./line";
import { isQueueName, type Lock, Outgoing, type Unsent, type Verdict } from "./outgoing";
import type { Attachment, Message, Page, ServerFrame, Welcome } from "./protocol";
import { blankState, blankThread, type ChatState } from "./state";
import type { Keep } from "./store";
import { climb, countUnread, lastHeard, lastSeq, merge, resume } from "./thread";
import type { FirstVisit, Marks } from "./visit";

/** The world outside, handed in so that a test can be all of it. */
export interface World {
  keep: Keep;
  lock: Lock;
  connect: () => Wire;
  uuid: () => string;
  visit: () => { page: Page; utm: Marks; first: FirstVisit | null; language: string; timezone: string };
  /** Tells the other tabs of this visitor what the shop has confirmed. */
  share: (message: Message) => void;
}

export interface ChatEvents {
  changed(state: ChatState): void;
  arrived(message: Message): void;
  barred(code: number): void;
}

const REWIND = 20; // messages asked for once more on every return, for edits and deletions that we slept through
const ACK_WITHIN = 15_000; // ms
const TYPING_LASTS = 6_000;
const TYPING_EVERY = 3_000;
const NOTICE_LASTS = 8_000;
const OFFLINE_AFTER = 1_000; // a socket that comes right back is nobody's concern

export class Chat {
  readonly state = blankState();
  private readonly line: Line;
  private readonly outgoing: Outgoing;
  private readonly awaited = new Map<string, (verdict: Verdict) => void>();
  private readonly timers: Record<string, ReturnType<typeof setTimeout>> = {};
  private token: string | null;
  private askedFrom = 0; // the seq of the last hello
  private whole = false; // the history was asked for, not only what is unread
  private typedAt = 0;

  constructor(
    private readonly world: World,
    private readonly events: ChatEvents,
    private identity: string | null,
  ) {
    this.token = world.keep.get("token");
    this.line = new Line(world.connect, {
      up: () => this.hello(),
      frame: (frame) => this.hear(frame),
      down: () => this.down(),
      barred: (code) => this.bar(code),
    });
    this.outgoing = new Outgoing(world.keep, world.lock, (unsent) => this.deliver(unsent), () => this.refreshUnsent());
    this.state.readSeq = Number(world.keep.get("read") ?? 0);
    this.state.unsent = this.outgoing.list();
  }

  /** Visitors without history cost the server nothing until they open the chat. */
  begin(): void {
    if (this.token || this.state.unsent.length) this.connect();
  }

  open(): void {
    this.set({ open: true });
    this.connect();
    if (this.line.live && !this.whole) this.older();
  }

  close(): void {
    this.set({ open: false });
  }

  say(text: string, files: Attachment[] = [], button: string | null = null): void {
    this.typedAt = 0; // the next letter is news again
    this.outgoing.add({ id: this.world.uuid(), text, files, button }, Date.now());
    this.connect();
    void this.outgoing.flush();
  }

  retry(id: string): void {
    this.outgoing.retry(id);
    void this.outgoing.flush();
  }

  drop(id: string): void {
    this.outgoing.settle(id);
  }

  typing(): void {
    if (Date.now() - this.typedAt < TYPING_EVERY) return;
    this.typedAt = Date.now();
    this.line.send({ kind: "typing" });
  }

  /** The visitor has these words before their eyes. */
  sawAll(): void {
    const seq = lastHeard(this.state.messages);
    if (seq <= this.state.readSeq) return;
    this.rememberRead(seq);
    this.line.send({ kind: "seen", read: seq });
  }

  older(): void {
    if (this.state.loadingOlder) return;
    const before = this.state.messages[0]?.seq ?? this.state.readSeq + 1;
    if (this.line.send({ kind: "older", before })) this.set({ loadingOlder: true });
  }

  /** Links are one-time, so they are asked for when the visitor looks at them. */
  askLinks(): void {
    for (const { inbox_id } of this.state.links) this.line.send({ kind: "link", inbox_id });
  }

  visited(page: Page): void {
    this.line.send({ kind: "page", page });
  }

  identify(identity: string | null): void {
    const wasOn = this.state.status !== "idle";
    this.identity = identity;
    if (identity === null) {
      this.outgoing.list().forEach((unsent) => this.outgoing.settle(unsent.id));
      ["token", "read", "theme"].forEach((name) => this.world.keep.remove(name));
      this.become(null);
    } else if (wasOn) this.line.restart();
  }

  /** The network or the tab came back; a socket that slept is not trusted, resuming is cheap. */
  wake({ slept }: { slept: boolean }): void {
    if (slept && this.line.live) this.line.restart();
    else this.line.nudge();
  }

  unplug(): void {
    this.line.drop();
  }

  /** For files: the token, kept from now on, because what was uploaded belongs to it. */
  tokenForFiles(): string | null {
    return this.line.live && this.settleToken() ? this.token : null;
  }

  /** Another tab wrote under `name`. */
  kept(name: string): void {
    if (isQueueName(name)) {
      this.refreshUnsent();
      void this.outgoing.flush();
    } else if (name === "read") {
      this.set({ readSeq: Math.max(this.state.readSeq, Number(this.world.keep.get("read") ?? 0)) });
    } else if (name === "token" && this.world.keep.get("token") !== this.token) {
      this.become(this.world.keep.get("token"));
    }
  }

  /** Another tab had this message confirmed. */
  shared(message: Message): void {
    if (this.token !== null && this.token === this.world.keep.get("token")) this.take([message]);
  }

  private connect(): void {
    if (this.state.status === "idle") this.set({ status: "connecting" });
    this.line.start();
  }

  private hello(): void {
    const { keep } = this.world;
    this.whole ||= this.state.open || !this.token || !this.state.readSeq;
    const last = lastSeq(this.state.messages);
    this.askedFrom = this.whole ? Math.max(0, last - REWIND) : this.state.readSeq;
    const { page, utm, first, language, timezone } = this.world.visit();
    this.token = keep.get("token") ?? this.token;
    const known = { visitor: this.token, identity: this.identity, seq: this.askedFrom };
    this.line.hello({ kind: "hello", ...known, page, utm, ...(first ? { first } : {}), language, timezone });
  }

  private hear(frame: ServerFrame): void {
    switch (frame.kind) {
      case "welcome":
        return this.welcome(frame);
      case "ack":
        this.take([frame.message]);
        this.world.share(frame.message);
        return this.answer(frame.id, { kind: "stored" });
      case "message":
        this.take([frame.message]);
        this.set({ typing: null });
        if (frame.message.direction === "outbound") this.events.arrived(frame.message);
        return;
      case "changed":
        return this.take([frame.message]);
      case "receipts":
        return this.set({ receipts: climb(this.state.receipts, frame) });
      case "typing":
        return this.show("typing", frame.who.name, TYPING_LASTS);
      case "expected":
        return this.set({ expected: frame });
      case "link":
        return this.set({ linkUrls: { ...this.state.linkUrls, [frame.inbox_id]: frame.url } });
      case "older":
        this.whole = true;
        this.set({ loadingOlder: false, hasOlder: frame.more });
        return this.take(frame.messages);
      case "error":
        if (frame.id !== undefined) this.answer(frame.id, { kind: "refused", reason: frame.detail });
        else this.show("notice", frame.detail, NOTICE_LASTS);
    }
  }

  private welcome(frame: Welcome): void {
    clearTimeout(this.timers.offline);
    delete this.timers.offline;
    const stranger = this.token !== null && frame.visitor !== this.token;
    if (stranger) Object.assign(this.state, blankThread()); // the old name is forgotten, so its numbers mean nothing
    this.token = frame.visitor;
    if (this.world.keep.get("token")) this.world.keep.set("token", frame.visitor);
    if (stranger && this.askedFrom > 0) return this.line.restart();
    const { messages, torn } = resume(this.state.messages, frame.messages, frame.more);
    const hasOlder = this.askedFrom === 0 || torn ? frame.more : this.state.hasOlder;
    this.set({
      status: "live",
      known: true,
      messages,
      hasOlder,
      loadingOlder: false,
      receipts: climb(this.state.receipts, frame.receipts),
      expected: frame.expected,
      shop: frame.shop.name,
      greeting: frame.greeting,
      quickReplies: frame.quick_replies.map((reply) => reply.text),
      accent: frame.theme.accent,
      position: frame.theme.position,
      links: frame.links,
      phones: frame.phones,
      email: frame.email,
      fileLimit: frame.file_limit,
    });
    if (this.world.keep.get("token")) this.world.keep.set("theme", JSON.stringify(frame.theme));
    this.confirm(lastHeard(messages));
    if (this.state.readSeq) this.line.send({ kind: "seen", read: this.state.readSeq });
    if (this.state.open && !this.whole) this.older();
    this.settleStored(messages);
    void this.outgoing.flush();
  }

  private take(arrived: Message[]): void {
    const heard = lastHeard(this.state.messages);
    this.set({ messages: merge(this.state.messages, arrived) });
    this.settleStored(arrived);
    if (lastHeard(this.state.messages) > heard) this.confirm(lastHeard(this.state.messages));
  }

  private confirm(delivered: number): void {
    if (delivered) this.line.send({ kind: "seen", delivered });
  }

  /** What the shop shows us stored need not be sent again, whichever way we learned of it. */
  private settleStored(messages: Message[]): void {
    const ids = new Set(messages.map((message) => message.client_id));
    for (const unsent of this.state.unsent) {
      if (ids.has(unsent.id)) this.answer(unsent.id, { kind: "stored" });
    }
  }

  private deliver(unsent: Unsent): Promise<Verdict> {
    if (!this.line.live || !this.settleToken()) return Promise.resolve({ kind: "lost" });
    const { id, text, files, button } = unsent;
    return new Promise((settle) => {
      const late = setTimeout(() => this.line.restart(), ACK_WITHIN);
      this.awaited.set(id, (verdict) => {
        clearTimeout(late);
        this.awaited.delete(id);
        settle(verdict);
      });
      this.line.send({ kind: "send", id, text, files: files.map((file) => file.id), button });
    });
  }

  private answer(id: string, verdict: Verdict): void {
    const waiting = this.awaited.get(id);
    if (waiting) waiting(verdict);
    else if (verdict.kind === "stored") this.outgoing.settle(id);
  }

  /** Two new tabs have two tokens until one of them writes; the other then takes over its name. */
  private settleToken(): boolean {
    const kept = this.world.keep.get("token");
    if (!kept && this.token) this.world.keep.set("token", this.token);
    if (!kept || kept === this.token) return this.token !== null;
    this.become(kept);
    return false;
  }

  private become(token: string | null): void {
    this.token = token;
    this.whole = false;
    this.set(blankThread());
    if (token || this.state.open) {
      this.connect();
      this.line.restart();
    } else {
      this.line.stop();
      this.set({ status: "idle" });
    }
  }

  private down(): void {
    [...this.awaited.values()].forEach((settle) => settle({ kind: "lost" }));
    this.set({ loadingOlder: false, typing: null });
    this.timers.offline ??= setTimeout(() => {
      if (!this.line.live && this.state.status !== "idle") this.set({ status: "offline" });
    }, OFFLINE_AFTER);
  }

  private bar(code: number): void {
    this.set({ barred: true, open: false, status: "idle" });
    this.events.barred(code);
  }

  private rememberRead(seq: number): void {
    this.set({ readSeq: seq });
    if (this.world.keep.get("token")) this.world.keep.set("read", String(seq));
  }

  private refreshUnsent(): void {
    this.set({ unsent: this.outgoing.list() });
  }

  private show(what: "typing" | "notice", words: string, lasts: number): void {
    clearTimeout(this.timers[what]);
    this.set({ [what]: words });
    this.timers[what] = setTimeout(() => this.set({ [what]: null }), lasts);
  }

  private set(change: Partial<ChatState>): void {
    Object.assign(this.state, change);
    this.events.changed(this.state);
  }
}

export function unreadOf(state: ChatState): number {
  return countUnread(state.messages, state.readSeq);
}
