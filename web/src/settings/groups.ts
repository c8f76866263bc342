// Channels by what they are for the shop, read from the table of capabilities: no channel is named here.
import type { ChannelKind } from "../api/types";

export const GROUPS = ["messengers", "site", "mail", "telephone", "sms", "public", "other"] as const;
export type Group = (typeof GROUPS)[number];

export function groupOf({ capabilities: able }: Pick<ChannelKind, "capabilities">): Group {
  if (able.direct || able.page) return "site";
  if (able.medium === "phone") return "telephone";
  if (able.medium === "sms") return "sms";
  if (able.address_kind === "email") return "mail";
  if (able.deep_link) return "messengers";
  if (able.public || able.comments) return "public";
  return "other";
}

/** The groups that have something to show, in their order; `search` looks into titles and summaries. */
export function grouped(kinds: ChannelKind[], search: string, title: (kind: string) => string): [Group, ChannelKind[]][] {
  const wanted = search.trim().toLowerCase();
  const found = kinds.filter((one) => `${title(one.kind)} ${one.title} ${one.kind} ${one.summary}`.toLowerCase().includes(wanted));
  return GROUPS.map((group): [Group, ChannelKind[]] => [group, found.filter((one) => groupOf(one) === group)]).filter(([, rest]) => rest.length > 0);
}
