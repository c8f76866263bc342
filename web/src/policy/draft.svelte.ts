// The policy in hand: what is stored, what is being changed, and what came of a rehearsal.
import * as calls from "../api/policy-calls";
import type { Policy, PolicyData, PolicyVersion, RuleData } from "../api/policy-shapes";
import { Problem } from "../api/http";
import { sayFailure, toasts } from "../frame/toasts.svelte";
import { t } from "../i18n/words.svelte";
import { changes } from "./rules";

const month = 30 * 86_400_000;

export class PolicyDraft {
  stored = $state.raw<Policy | null>(null);
  data = $state.raw<PolicyData | null>(null);
  versions = $state.raw<PolicyVersion[]>([]);
  error = $state.raw<unknown>(null);
  busy = $state<"" | "save" | "rehearse">("");
  refused = $state("");
  note = $state("");
  runs = $state.raw<calls.Run[] | null>(null);
  readonly changed = $derived(this.stored && this.data ? changes(this.stored.data, this.data) : { rules: [], others: [] });
  readonly dirty = $derived(this.changed.rules.length + this.changed.others.length > 0);

  async load(): Promise<void> {
    try {
      const [policy, versions] = await Promise.all([calls.policy(), calls.versions()]);
      this.stored = policy;
      this.data = policy.data;
      this.versions = versions.items;
      this.error = null;
    } catch (error) {
      this.error = error;
    }
  }

  set(change: Partial<PolicyData>): void {
    if (!this.data) return;
    this.data = { ...this.data, ...change };
    this.runs = null;
    this.refused = "";
  }
  setRule(kind: string, rule: RuleData): void {
    if (this.data) this.set({ rules: { ...this.data.rules, [kind]: rule } });
  }
  discard(): void {
    this.data = this.stored?.data ?? null;
    this.runs = null;
    this.refused = "";
    this.note = "";
  }

  async save(): Promise<void> {
    if (!this.data) return;
    this.busy = "save";
    this.refused = "";
    try {
      await calls.savePolicy(this.data, this.note.trim());
      this.note = "";
      this.runs = null;
      toasts.show({ text: t("done.saved") });
      await this.load();
    } catch (error) {
      // What can never be edited away is refused with its reason: it stands beside the button, not in a passing toast.
      if (error instanceof Problem && error.status < 500) this.refused = error.detail;
      else sayFailure(t("error.not_changed"), error, t("error.text_kept"));
    } finally {
      this.busy = "";
    }
  }

  async rehearse(): Promise<void> {
    if (!this.data) return;
    this.busy = "rehearse";
    try {
      this.runs = (await calls.rehearse(this.data, new Date(Date.now() - month).toISOString())).runs;
    } catch (error) {
      sayFailure(t("policy.not_rehearsed"), error, t("error.text_kept"));
    } finally {
      this.busy = "";
    }
  }

  /** Takes an old version into the hand; nothing is stored before it is saved. */
  async take(version: number): Promise<void> {
    try {
      const old = await calls.version(version);
      this.set(old.data);
      this.note = t("policy.back_note", { n: version });
    } catch (error) {
      sayFailure(t("error.not_loaded"), error);
    }
  }
}
