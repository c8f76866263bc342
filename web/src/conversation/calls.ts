// What stands for a call where only text goes: in lists, in the memory of a talk. Beside the call itself its card is shown.
import { inGroups } from "../contact/number";
import { t } from "../i18n/words.svelte";

const SIGN = /^\u260e(?: (.+))?$/;

/** A message's text for people: a call's sign becomes its word, all else stays. */
export function sayFirst(text: string): string {
  const found = SIGN.exec(text.trim());
  if (!found) return text;
  const said = found[1] ?? "";
  if (said === "\u2717") return t("call.missed");
  if (said === "\u25cf") return t("call.recording");
  return [t("call.answered"), inGroups(said)].filter(Boolean).join(" · ");
}
