import { afterEach, expect, it, vi } from "vitest";
import type { Draft } from "../api/types";
import { drafts, Writing } from "./composer.svelte";

afterEach(() => void vi.restoreAllMocks());

it("An older draft stands above what was typed while it was on its way, and both are the draft now", async () => {
  let answer: (draft: Draft | null) => void = () => undefined;
  vi.spyOn(drafts, "open").mockReturnValue(new Promise((resolve) => (answer = resolve)));
  const change = vi.spyOn(drafts, "change").mockReturnValue();
  const writing = new Writing("c1");
  const restored = writing.restore();
  writing.text = "Below";
  writing.changed();
  answer({ text: "Above", kind: "reply", inbox_id: null, attachments: [], updated_at: "2026-11-18T09:00:00Z" });
  await restored;
  expect(writing.text).toBe("Above\nBelow");
  expect(change).toHaveBeenLastCalledWith("c1", expect.objectContaining({ text: "Above\nBelow" }));
});
