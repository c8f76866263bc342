// Why a call of ours reached nobody: how it ended, in words of ours, and what the vendor says beyond that.
import type { Message } from "../api/types";
import { sayWhy, t } from "../i18n/words.svelte";

export function sayUnreached({ content, reason }: Pick<Message, "content" | "reason">): string {
  const outcome = content.call?.outcome;
  const ended = outcome && outcome !== "answered" ? t(`call.ended.${outcome}`) : "";
  const more = sayWhy(reason);
  return ended && more ? `${ended} (${more})` : ended || more;
}
