// What the whole application refers to by id: inboxes, agents, tags, kinds of channel. Small, kept in memory.
import * as calls from "../api/calls";
import type { Agent, ChannelKind, Inbox } from "../api/types";
import { inGroups } from "../contact/number";
import { known } from "../i18n/words.svelte";

class Catalogue {
  inboxes = $state.raw<Inbox[]>([]);
  agents = $state.raw<Agent[]>([]);
  tags = $state.raw<string[]>([]);
  kinds = $state.raw<ChannelKind[]>([]);
  online = $state.raw<string[]>([]);

  async load(): Promise<void> {
    const [inboxes, agents, tags, kinds] = await Promise.all([calls.inboxes(), calls.agents(), calls.tags(), calls.channels()]);
    this.inboxes = inboxes.items;
    this.agents = agents.items;
    this.tags = tags.items.map((one) => one.tag);
    this.kinds = kinds.items;
    this.online = agents.items.filter((one) => one.online).map((one) => one.id);
  }

  /** The titles of the forms are the server's, in the language of the account. */
  async reloadKinds(): Promise<void> {
    this.kinds = (await calls.channels()).items;
  }

  async reloadInboxes(): Promise<void> {
    this.inboxes = (await calls.inboxes()).items;
  }

  noteTags(tags: string[]): void {
    const fresh = tags.filter((tag) => !this.tags.includes(tag));
    if (fresh.length) this.tags = [...this.tags, ...fresh];
  }

  inbox(id: string | null | undefined): Inbox | undefined {
    return this.inboxes.find((one) => one.id === id);
  }

  kind(kind: string): ChannelKind | undefined {
    return this.kinds.find((one) => one.kind === kind);
  }

  /** The word that people use: SMS is SMS, whoever carries it. */
  medium(kind: string): string {
    return String(this.kind(kind)?.capabilities.medium || kind);
  }

  /** An address as far as a person can use it: ids of chats and visitors say nothing to anybody. */
  readable(kind: string, address: string): string {
    const told = this.kind(kind)?.capabilities.address_kind ?? kind; // a number may be known without a channel to it
    return ["email", "phone", "whatsapp"].includes(String(told)) ? inGroups(address) : "";
  }

  /** As people call it: our own word in their language, else the channel's title. */
  channelTitle(kind: string): string {
    return known(`channel.${kind}`) ?? this.kind(kind)?.title ?? kind.charAt(0).toUpperCase() + kind.slice(1);
  }
}

export const catalogue = new Catalogue();
