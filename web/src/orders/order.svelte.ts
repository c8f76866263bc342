// One order on the screen: its facts, its story, and what is done to it.
import * as calls from "../api/order-calls";
import type { OrderDetail, Preferences, TimelineItem, Wishes } from "../api/order-shapes";
import type { LiveEvent } from "../api/types";
import { sayFailure, toasts } from "../frame/toasts.svelte";
import { t } from "../i18n/words.svelte";
import { listeners } from "../live/live.svelte";
import { storyOf } from "./story";

export class OpenOrder {
  detail = $state.raw<OrderDetail | null>(null);
  items = $state.raw<TimelineItem[] | null>(null);
  error = $state.raw<unknown>(null);
  storyError = $state.raw<unknown>(null);
  busy = $state("");
  readonly story = $derived(storyOf(this.items ?? []));

  constructor(readonly id: string) {}

  async load(): Promise<void> {
    try {
      const [detail] = await Promise.all([calls.order(this.id), this.readStory()]);
      this.detail = detail;
      this.error = null;
    } catch (error) {
      this.error = error;
    }
  }

  private async readStory(): Promise<void> {
    try {
      this.items = (await calls.timeline(this.id)).items;
      this.storyError = null;
    } catch (error) {
      this.storyError = error; // the facts are worth showing without their story
    }
  }

  follow(): () => void {
    let timer: ReturnType<typeof setTimeout> | undefined;
    const hear = (event: LiveEvent) => {
      const ours = (event.kind === "order.changed" || event.kind === "task.changed") && event.order_id === this.detail?.id;
      const theirs = event.kind === "contact.changed" && event.contact_id === this.detail?.contact?.id;
      const receipt = event.kind === "message.changed" && this.items?.some((one) => one.what === "attempt" && one.message_id === event.message.id);
      if (ours || theirs || receipt) timer ??= setTimeout(() => ((timer = undefined), void this.load()), 300);
    };
    listeners.add(hear);
    return () => {
      clearTimeout(timer);
      listeners.delete(hear);
    };
  }

  /** Does one thing, shows what came of it; answers whether it was done. */
  private async act(what: string, run: () => Promise<unknown>, said = ""): Promise<boolean> {
    this.busy = what;
    try {
      await run();
      if (said) toasts.show({ text: said });
      await this.load();
      return true;
    } catch (error) {
      sayFailure(t("error.not_changed"), error, t("error.nothing_lost"));
      return false;
    } finally {
      this.busy = "";
    }
  }

  change(change: calls.OrderChange, said = t("done.saved")): Promise<boolean> {
    return this.act("change", () => calls.changeOrder(this.id, change), said);
  }
  saveWishes(wishes: Wishes): Promise<boolean> {
    return this.act("wishes", () => calls.saveWishes(this.id, wishes), t("done.saved"));
  }
  savePreferences(preferences: Preferences): Promise<boolean> {
    const { by: _by, updated_at: _at, ...body } = preferences;
    return this.act("preferences", () => calls.savePreferences(this.detail?.contact?.id ?? "", body), t("done.saved"));
  }
  settleLasting(keep: boolean): Promise<boolean> {
    return this.act("lasting", () => calls.settleLasting(this.id, keep), t(keep ? "lasting.kept" : "done.saved"));
  }
  acknowledge(): Promise<boolean> {
    return this.act("acknowledge", () => calls.acknowledge(this.id), t("comment.was_read"));
  }
  stop(plan: string): Promise<boolean> {
    return this.act("stop", () => calls.stopPlan(plan), t("order.stopped"));
  }
  async stopAll(): Promise<void> {
    const plans = [...new Set(this.story.coming.map((one) => one.plan.id))];
    await this.act("stop", () => Promise.all(plans.map((id) => calls.stopPlan(id))), t("order.stopped"));
  }
  async courierLink(): Promise<string> {
    let url = "";
    await this.act("courier", async () => ({ url } = await calls.courierLink(this.id)));
    return url;
  }
  /** What stands behind the address of a product's page. */
  async reviewEnding(): Promise<string> {
    let fragment = "";
    await this.act("review", async () => ({ fragment } = await calls.reviewKey(this.id)));
    return fragment;
  }
  /** A buyer was looked at: the verdict and the task together. */
  judge(task: string, outcome: string): Promise<boolean> {
    return this.act(task, async () => {
      await calls.changeOrder(this.id, { outcome });
      await calls.finishTask(task, "done");
    }, t("done.saved"));
  }
  finish(task: string, result: Parameters<typeof calls.finishTask>[1]): Promise<boolean> {
    return this.act(task, () => calls.finishTask(task, result), t("done.saved"));
  }
}
