// What is being written in one conversation: text, kind, way, files. Saved as a draft while it grows.
import * as calls from "../api/calls";
import type { Attachment, Draft } from "../api/types";
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
  text = $state("");
  kind = $state<"reply" | "note">("reply");
  inbox = $state<string | null>(null);
  uploads = $state<Upload[]>([]);
  buttons = $state<string[]>([]);
  restored = $state(false);
  private touched = false;

  constructor(readonly conversation: string) {}

  get busy(): boolean {
    return this.uploads.some((one) => !one.attachment && !one.wrong);
  }
  get empty(): boolean {
    return !this.text.trim() && !this.uploads.some((one) => one.attachment);
  }

  async restore(): Promise<void> {
    const draft = await drafts.open(this.conversation);
    if (!draft || this.touched || !draft.text) return;
    this.take(draft);
    this.restored = true;
  }

  changed(): void {
    this.touched = true;
    this.restored = false;
    drafts.change(this.conversation, {
      text: this.text,
      kind: this.kind,
      inbox_id: this.inbox,
      attachments: this.uploads.flatMap((one) => (one.attachment ? [one.attachment.id] : [])),
    });
  }

  mode(kind: "reply" | "note"): void {
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

  send(inbox: string | null, channel: string): void {
    sending.add({
      conversation_id: this.conversation,
      kind: this.kind,
      text: this.text.trim(),
      inbox_id: this.kind === "reply" ? inbox : null,
      channel,
      attachments: this.uploads.flatMap((one) => (one.attachment ? [one.attachment] : [])),
      buttons: this.kind === "reply" ? this.buttons.map((one) => one.trim()).filter(Boolean) : [],
    });
    this.text = "";
    this.uploads = [];
    this.buttons = [];
    this.kind = "reply";
    drafts.clear(this.conversation);
  }

  leave(): void {
    void drafts.flush(this.conversation);
  }

  private progress(key: number, change: Partial<Upload>): void {
    const upload = this.uploads.find((one) => one.key === key);
    if (upload) Object.assign(upload, change);
  }

  private take(draft: Draft): void {
    this.text = draft.text;
    this.kind = draft.kind;
    this.inbox = catalogue.inbox(draft.inbox_id) ? (draft.inbox_id ?? null) : null;
  }
}
