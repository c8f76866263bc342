// What is being written in one conversation: text, kind, way, files. Saved as a draft while it grows.
import * as calls from "../api/calls";
import type { Attachment, ReplyChannel } from "../api/types";
import { sending } from "../conversation/sending.svelte";
import { catalogue } from "../frame/catalogue.svelte";
import { Drafts, localBox } from "./drafts";

export interface Upload {
  key: number;
  name: string;
  size: number;
  share: number;
  attachment: Attachment | null;
  wrong: string;
  abort: () => void;
}

export const drafts = new Drafts({ load: calls.draft, save: calls.saveDraft, drop: calls.dropDraft }, localBox());
let nextKey = 1;

export class Writing {
  // Two sheets of paper: what was meant for the team never slides into a reply.
  private readonly sheets = $state({ reply: "", note: "" });
  kind = $state<"reply" | "note">("reply");
  inbox = $state<string | null>(null);
  uploads = $state<Upload[]>([]);
  buttons = $state<string[]>([]);
  restored = $state(false);
  private touched = false;

  constructor(readonly conversation: string) {}

  get text(): string {
    return this.sheets[this.kind];
  }
  set text(value: string) {
    this.sheets[this.kind] = value;
  }
  get busy(): boolean {
    return this.uploads.some((one) => !one.attachment && !one.wrong);
  }
  get empty(): boolean {
    return !this.text.trim() && !this.uploads.some((one) => one.attachment);
  }

  async restore(): Promise<void> {
    const draft = await drafts.open(this.conversation);
    const aside = drafts.aside(this.conversation);
    const typed = this.touched && !this.empty;
    for (const kept of [draft, aside]) {
      // What was typed while the draft was on its way stays below it.
      if (kept?.text) this.sheets[kept.kind] = [kept.text, this.sheets[kept.kind]].filter(Boolean).join("\n");
    }
    if (!draft?.text) return;
    if (typed) this.changed(); // both together are the draft now
    if (!this.touched) this.kind = draft.kind;
    this.inbox ??= catalogue.inbox(draft.inbox_id) ? (draft.inbox_id ?? null) : null;
    this.restored = this.kind === draft.kind;
  }

  changed(): void {
    this.touched = true;
    this.restored = false;
    const other = this.kind === "reply" ? "note" : "reply";
    const first = this.empty && this.sheets[other].trim() ? other : this.kind;
    const second = first === "reply" ? "note" : "reply";
    drafts.change(this.conversation, {
      text: this.sheets[first],
      kind: first,
      inbox_id: this.inbox,
      attachments: this.uploads.flatMap((one) => one.attachment?.id ?? []),
    });
    drafts.setAside(this.conversation, second, this.sheets[second]);
  }

  mode(kind: "reply" | "note"): void {
    this.touched = true;
    if (kind === this.kind) return;
    this.kind = kind;
    if (!this.empty) this.changed();
  }

  add(files: Iterable<File>): void {
    for (const file of files) {
      const key = nextKey++;
      const { done, abort } = calls.upload(file, (share) => this.progress(key, { share }));
      this.uploads.push({ key, name: file.name, size: file.size, share: 0, attachment: null, wrong: "", abort });
      done.then(
        (attachment) => {
          this.progress(key, { attachment, share: 1 });
          this.changed();
        },
        (error: Error) => error.name !== "AbortError" && this.progress(key, { wrong: error.message }),
      );
    }
  }

  remove(key: number): void {
    const upload = this.uploads.find((one) => one.key === key);
    if (upload && !upload.attachment) upload.abort();
    this.uploads = this.uploads.filter((one) => one.key !== key);
    this.changed();
  }

  /** `way` is what the page shows. Unless the agent chose it, the server decides: the customer may just have gone elsewhere. */
  send(way: ReplyChannel | null): void {
    sending.add({
      conversation_id: this.conversation,
      kind: this.kind,
      text: this.text.trim(),
      inbox_id: this.kind === "reply" && way?.inbox_id === this.inbox ? this.inbox : null,
      channel: way?.channel ?? "",
      attachments: this.uploads.flatMap((one) => (one.attachment ? [one.attachment] : [])),
      buttons: this.kind === "reply" ? this.buttons.map((one) => one.trim()).filter(Boolean) : [],
    });
    this.text = "";
    this.uploads = [];
    this.buttons = [];
    this.kind = "reply";
    drafts.clear(this.conversation);
    if (this.text.trim()) this.changed();
  }

  leave(): void {
    void drafts.flush(this.conversation);
  }

  private progress(key: number, change: Partial<Upload>): void {
    const upload = this.uploads.find((one) => one.key === key);
    if (upload) Object.assign(upload, change);
  }
}
