// What an agent decides about who is one person. Every decision is undone by one press.
import * as calls from "../api/people-calls";
import type { Resemblance } from "../api/types";
import { threads } from "../conversation/threads.svelte";
import { sayFailure, toasts } from "../frame/toasts.svelte";
import { t } from "../i18n/words.svelte";
import { inGroups } from "./number";

export async function join(kept: string, gone: string): Promise<boolean> {
  return told(() => calls.merge(kept, gone), [kept, gone]);
}

export async function accept(likeness: Resemblance, contact: string): Promise<boolean> {
  return told(() => calls.acceptResemblance(likeness.id), [likeness.contact.id, contact]);
}

export async function dismiss(likeness: Resemblance, contact: string): Promise<void> {
  try {
    await calls.dismissResemblance(likeness.id);
    toasts.show({ text: t("kin.dismissed", { name: nameOf(likeness.contact.name) }) });
    threads.contactChanged(contact);
  } catch (error) {
    sayFailure(t("kin.not_dismissed"), error);
  }
}

export async function part(merge: string, contact: string): Promise<void> {
  try {
    const { kept, back } = await calls.undoMerge(merge);
    toasts.show({ text: t("kin.parted") });
    for (const id of [kept.id, back.id, contact]) threads.contactChanged(id);
  } catch (error) {
    sayFailure(t("kin.not_parted"), error);
  }
}

/** "because" in words: "they wrote the number … and the name is the same". */
export function reasonsOf(likeness: Resemblance): string {
  const name = nameOf(likeness.contact.name);
  const said = likeness.because.map(({ why, value }) => t(`kin.${why}`, { name, value })).filter(Boolean);
  return said.join(t("kin.and"));
}

export const nameOf = (name: string) => inGroups(name) || t("kin.nameless");

async function told(act: () => Promise<calls.Merged>, people: string[]): Promise<boolean> {
  try {
    const { id, contact } = await act();
    const undo = { title: t("undo.undo"), run: () => void part(id, contact.id) };
    toasts.show({ text: t("kin.done", { name: nameOf(contact.name) }), action: undo });
    for (const one of people) threads.contactChanged(one);
    return true;
  } catch (error) {
    sayFailure(t("kin.failed"), error, t("error.nothing_lost"));
    return false;
  }
}
