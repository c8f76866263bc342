import { describe, expect, it, vi } from "vitest";
import type { Conversation, Message } from "../api/types";

const asked = vi.hoisted(() => [] as ((answer: unknown) => void)[]);
const answer = vi.hoisted(() => () => new Promise((resolve) => asked.push(resolve)));
vi.mock("../api/calls", () => ({ conversation: answer, messages: answer }));
vi.mock("../frame/session.svelte", () => ({ session: { myId: "me" } }));
const { Thread } = await import("./threads.svelte");

const message = (seq: number): Message => ({ id: `m${seq}`, seq, conversation_id: "c", direction: "inbound", text: `${seq}`, attachments: [], content: {} }) as unknown as Message;
const row = (status: string): Conversation => ({ id: "c", status, contact: { id: "p", name: "Anna" } }) as unknown as Conversation;

describe("a conversation that is being opened", () => {
  const answered = () => {
    for (const [number, one] of asked.splice(0).entries()) one(number % 2 ? { items: [message(1)], next: null } : row("open"));
  };

  it("keeps the message that came while the answer was on its way", async () => {
    const thread = new Thread("c");
    const loading = thread.load();
    thread.heard({ message: message(2), conversation: row("snoozed") });
    answered();
    await loading;
    expect(thread.messages.map((one) => one.seq)).toEqual([1, 2]);
    expect(thread.detail?.status).toBe("snoozed");
  });

  it("keeps it through two loads at once", async () => {
    const thread = new Thread("c");
    const both = [thread.load(), thread.load()];
    thread.heard({ conversation: row("closed") });
    answered();
    await Promise.all(both);
    expect(thread.detail?.status).toBe("closed");
  });
});

describe("a reply that was taken back", () => {
  it("stays as such in its place, whoever tells of it first", () => {
    const thread = new Thread("c");
    thread.hear(message(1));
    thread.gone("m1");
    expect(thread.messages[0]?.deleted_at).toBeTruthy();
    const told = { ...message(2), deleted_at: "2026-11-22T10:00:00Z" };
    thread.hear(told);
    thread.gone("m2");
    expect(thread.messages[1]).toEqual(told);
  });
});
