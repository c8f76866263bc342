// Why a call of ours reached nobody. Lines say it in a few sentences of ours, after the vendor's name; the rest is the vendor's own.
import { sayWhy, t } from "../i18n/words.svelte";

const SENTENCES: [string, Parameters<typeof t>[0]][] = [
  ["the line was busy", "call.why_busy"],
  ["nobody answered", "call.why_nobody"],
  ["hung up before anybody answered", "call.why_hung_up"],
  ["the number cannot be reached", "call.why_unreachable"],
  ["the call did not get through", "call.why_not_through"],
  ["the agent's own telephone was not picked up", "call.why_own"],
];

export function sayUnreached(reason: string | null | undefined): string {
  const said = reason?.replace(/^[A-Z]\w*: /, "");
  const known = SENTENCES.find(([sentence]) => sentence === said);
  return known ? t(known[1]) : sayWhy(reason);
}
