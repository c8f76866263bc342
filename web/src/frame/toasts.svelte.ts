// Short words at the foot of the window: what happened, what was kept, what can be done, and undo instead of "are you sure".
import { Offline, Problem } from "../api/http";
import { t } from "../i18n/words.svelte";

export interface Toast {
  id: number;
  text: string;
  detail: string;
  tone: "plain" | "danger";
  action: { title: string; run: () => void } | null;
}

const shown = $state<{ items: Toast[] }>({ items: [] });
let next = 1;

export const toasts = {
  get items(): Toast[] {
    return shown.items;
  },
  show({ text, detail = "", tone = "plain", action = null, seconds = action ? 10 : 5 }: Partial<Omit<Toast, "id">> & { text: string; seconds?: number }): number {
    const id = next++;
    shown.items = [...shown.items.slice(-2), { id, text, detail, tone, action }];
    setTimeout(() => this.close(id), seconds * 1000);
    return id;
  },
  close(id: number): void {
    shown.items = shown.items.filter((toast) => toast.id !== id);
  },
};

/** Says what did not happen and why; `kept` says what was not lost. */
export function sayFailure(what: string, error: unknown, kept = ""): void {
  const why = error instanceof Problem ? error.detail : error instanceof Offline ? t("error.offline") : error instanceof Error ? error.message : String(error);
  toasts.show({ text: what, detail: [why, kept].filter(Boolean).join(" "), tone: "danger", seconds: 9 });
}
