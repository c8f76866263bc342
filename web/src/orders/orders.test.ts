import { describe, expect, it } from "vitest";
import type { AttemptMade, PlanMade, Step, TaskFields } from "../api/order-shapes";
import { marks } from "./marks";
import { progress } from "./progress";
import { storyOf } from "./story";
import { editable, noWishes, tidied } from "./wishes";
import { learnReasons, speak } from "../i18n/words.svelte";
import { sayBecause } from "./words";
import { aboutBuyer, hoursNow, sortTasks } from "./tasks";

describe("marks in a comment", () => {
  const comment = "🙏 не звоните, код 45К, и позовите Мурзика";
  const text = (kind: string, found = marks(comment, [{ start: 2, end: 12, field: "call", value: "never" }, { start: 14, end: 21, field: "intercom", value: "45К" }], [{ start: 25, end: 42 }])) =>
    found.filter((one) => one.kind === kind).map((one) => one.text);

  it("stand where the words stand, also after an emoji", () => {
    expect(text("wish")).toEqual(["не звоните", "код 45К"]);
    expect(text("unread").join("")).toContain("Мурзика");
  });

  it("lose nothing of the text and never overlap", () => {
    const found = marks(comment, [{ start: 0, end: 20, field: "call", value: "never" }, { start: 10, end: 99, field: "gift", value: "" }], [{ start: 5, end: 12 }]);
    expect(found.map((one) => one.text).join("")).toBe(comment);
    expect(found.filter((one) => one.kind !== "plain").map((one) => one.field)).toEqual(["call", "gift"]);
  });

  it("leave a comment without wishes as it is", () => {
    expect(marks("спасибо", [], [])).toEqual([{ text: "спасибо", kind: "plain", field: "", value: "" }]);
    expect(marks("", [], [])).toEqual([]);
  });
});

describe("why a way was not taken", () => {
  it("says what a channel answered in the language of the sentence around it", async () => {
    Object.assign(globalThis, { document: { documentElement: {} } }); // speaking marks the page with its language
    await speak("uk");
    await learnReasons();
    const why = (reason: string) => sayBecause({ why: "unreachable", data: { reason }, text: `за цією адресою не доходить: ${reason}.` });
    expect(why("Twilio: the number takes no SMS (21614)")).toBe("За цією адресою не доходить: Twilio: номер не приймає SMS (21614).");
    expect(why("550 no such user")).toBe("За цією адресою не доходить: 550 no such user.");
  });
});

describe("the way of an order", () => {
  it("goes to a door by courier and to a point by post", () => {
    expect(progress("packed", "courier").map((one) => one.state)).toEqual(["done", "done", "now", "ahead", "ahead", "ahead"]);
    expect(progress("placed", "post").map((one) => one.status)).toContain("at_pickup");
    expect(progress("at_pickup", "courier").map((one) => one.status)).toContain("at_pickup"); // the courier left it there
  });

  it("has nothing ahead once delivered, and no present step once cancelled", () => {
    expect(progress("delivered", "courier").every((one) => one.state === "done")).toBe(true);
    expect(progress("cancelled", "courier").some((one) => one.state === "now")).toBe(false);
  });
});

describe("the story of an order", () => {
  const step = (channel: string, at: string): Step => ({ channel, at, wait_for: "read", until: null, because: [] });
  const plan = (change: Partial<PlanMade> = {}): PlanMade => ({
    what: "plan", at: "2026-03-01T20:10:00Z", id: "p", kind: "placed", occasions: [], stage: "confirmation", purpose: "transactional", state: "watching",
    steps: [step("telegram", "2026-03-01T20:10:00Z"), step("sms", "2026-03-02T07:00:00Z")], rejected: [], because: null, policy_version: 1, ...change,
  });
  const attempt = (change: Partial<AttemptMade> = {}): AttemptMade => ({
    what: "attempt", at: "2026-03-01T20:10:02Z", plan_id: "p", position: 0, channel: "telegram", state: "sent", message_id: "m", because: [], ...change,
  });

  it("tells a decision together with the message that followed at once", () => {
    const { told, coming } = storyOf([plan(), attempt(), { what: "message", at: "2026-03-01T20:10:02Z", id: "m", text: "Здравствуйте" }]);
    expect(told.map((one) => one.what)).toEqual(["tried"]);
    expect(coming.map((one) => [one.step.channel, one.after])).toEqual([["sms", "telegram"]]);
  });

  it("tells nothing of the rungs of a plan that is at its end", () => {
    expect(storyOf([plan({ state: "reached" }), attempt()]).coming).toEqual([]);
    expect(storyOf([plan({ state: "stopped" })]).told.map((one) => one.what)).toEqual(["plan"]);
  });

  it("takes the hour of the server for a rung that waits", () => {
    const { told, coming } = storyOf([plan({ state: "waiting" }), attempt({ planned: true, at: "2026-03-02T06:00:00Z", text: "Ваш заказ принят" })]);
    expect(told).toEqual([]);
    expect(coming[0]).toMatchObject({ at: "2026-03-02T06:00:00Z", text: "Ваш заказ принят", after: null });
  });
});

describe("what a person has to do", () => {
  const now = new Date("2026-03-01T12:00:00Z");
  const task = (id: string, kind: TaskFields["kind"], change: Partial<TaskFields> & { created_at?: string } = {}) => ({ id, kind, phone: "", because: [], state: "open" as const, ...change });

  it("begins with the calls whose hours pass, and ends with those that may not be made yet", () => {
    const shown = sortTasks([
      task("look", "look"), task("later", "call", { not_before: "2026-03-01T15:00:00Z" }), task("read", "read"), task("call", "call", { not_before: "2026-03-01T09:00:00Z", not_after: "2026-03-01T13:00:00Z" }),
    ], now);
    expect(shown.map((one) => one.id)).toEqual(["call", "read", "look", "later"]);
    expect(hoursNow({ not_before: null, not_after: "2026-03-01T11:00:00Z" }, now)).toBe(false);
  });

  it("is a judgement only where the buyer is doubted", () => {
    expect(aboutBuyer({ because: [{ why: "phone_impossible" }] })).toBe(true);
    expect(aboutBuyer({ because: [{ why: "stuck" }, { why: "no_channel" }] })).toBe(false);
  });
});

describe("wishes in the hand of an editor", () => {
  it("forbid calls in one place, so that allowing them again leaves nothing behind", () => {
    expect(editable({ ...noWishes, call: "never", forbidden_channels: ["phone", "viber"] }).forbidden_channels).toEqual(["viber"]);
    expect(editable({ ...noWishes, forbidden_channels: ["phone"] }).forbidden_channels).toEqual(["phone"]);
  });

  it("are no wishes where nothing was written", () => {
    const window = { from: "", to: null, days: "any" as const };
    expect(tidied({ ...noWishes, intercom: "  ", change_from: 0, contact_window: { ...window, from: null } })).toEqual(noWishes);
    expect(tidied({ ...noWishes, floor: " 7 " }).floor).toBe("7");
  });
});
