// One form of one inbox: name, values, what is wrong, and the answer of "check".
import * as calls from "../api/calls";
import { Problem } from "../api/http";
import type { ChannelKind, Inbox } from "../api/types";
import { learnReasons, sayReason, t } from "../i18n/words.svelte";
import { configOf, fieldPath, fieldsOf, present, startValues, wrongs, type Field, type Values } from "./schema";

export class InboxForm {
  private readonly all: Field[];
  readonly editing: boolean;
  name = $state("");
  values = $state<Values>({});
  wrong = $state<Record<string, string>>({});
  failure = $state("");
  checked = $state.raw<calls.Checked | null>(null);
  busy = $state<"" | "check" | "save">("");
  dirty = $state(false);
  reservation = ""; // of the hook's address that the vendor has been told

  constructor(
    readonly kind: ChannelKind,
    private readonly inbox: Inbox | null = null,
  ) {
    this.all = fieldsOf(kind.config_schema);
    this.editing = inbox !== null;
    this.name = inbox?.name ?? kind.title;
    this.values = startValues(this.all, inbox?.config);
  }

  get fields(): Field[] {
    return present(this.all, this.values);
  }

  changed(path: string): void {
    this.dirty = true;
    this.checked = null;
    const { [path]: _, ...rest } = this.wrong;
    this.wrong = rest;
  }

  async check(): Promise<void> {
    if (!this.sound()) return;
    this.busy = "check";
    try {
      const answer = await calls.checkInbox({ kind: this.kind.kind, config: this.config(), ...(this.inbox ? { inbox_id: this.inbox.id } : {}) });
      const path = answer.ok ? null : this.known(answer.field);
      if (path) {
        await learnReasons();
        this.wrong = { ...this.wrong, [path]: sayReason(answer.reason) };
      } else this.checked = answer;
    } catch (error) {
      this.refuse(error);
    } finally {
      this.busy = "";
    }
  }

  async save(): Promise<Inbox | null> {
    if (!this.sound()) return null;
    this.busy = "save";
    try {
      const name = this.name.trim();
      const saved = this.inbox ? await calls.changeInbox(this.inbox.id, { name, config: this.config() }) : await calls.makeInbox({ kind: this.kind.kind, name, config: this.config(), reservation: this.reservation });
      this.dirty = false;
      return saved;
    } catch (error) {
      this.refuse(error);
      return null;
    } finally {
      this.busy = "";
    }
  }

  private config(): Values {
    return configOf(this.fields, this.values, { editing: this.editing });
  }

  private sound(): boolean {
    this.failure = "";
    const found = wrongs(this.fields, this.values, { editing: this.editing });
    this.wrong = Object.fromEntries(Object.entries(found).map(([path, why]) => [path, t(`form.${why}`)]));
    if (!this.name.trim()) this.wrong = { ...this.wrong, name: t("form.required") };
    return Object.keys(this.wrong).length === 0;
  }

  /** The server's reason beside the field it names, else above the buttons. */
  private refuse(error: unknown): void {
    const path = error instanceof Problem ? this.known(error.field) : null;
    const detail = error instanceof Problem ? error.detail : t("error.offline");
    if (path) this.wrong = { ...this.wrong, [path]: detail };
    else this.failure = detail;
  }

  /** The path of a field that stands in this form; those of a list's rows have the row's number in them. */
  private known(named: string | null | undefined): string | null {
    const path = fieldPath(named ?? null);
    return path && (path === "name" || this.has(path.replace(/\.\d+(?=\.|$)/g, ""), this.fields)) ? path : null;
  }

  private has(path: string, fields: Field[]): boolean {
    return fields.some((field) => field.path === path || this.has(path, field.fields));
  }
}
