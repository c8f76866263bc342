import { describe, expect, it } from "vitest";
import { Keep } from "./store";
import { firstVisit, marksOf, pageOf, visitMarks } from "./visit";

const keep = () => new Keep("p:", null);
const now = new Date("2026-11-22T09:00:00Z");

describe("where the visitor came from", () => {
  it("is read from the marks, without empty and endless ones", () => {
    const marks = marksOf(`?utm_source=ya&utm_medium=&utm_campaign=${"x".repeat(999)}&q=1`);
    expect(marks).toEqual({ source: "ya", campaign: "x".repeat(200) });
  });

  it("stays through the visit until another advertisement brings them", () => {
    const session = keep();
    expect(visitMarks(session, "?utm_source=ya")).toEqual({ source: "ya" });
    expect(visitMarks(session, "")).toEqual({ source: "ya" });
    expect(visitMarks(session, "?utm_source=google")).toEqual({ source: "google" });
  });

  it("is remembered from the first time, and only if there is something to remember", () => {
    const store = keep();
    const plain = pageOf("https://shop.example/", "Shop", "https://shop.example/old");
    expect(firstVisit(store, plain, "", now)).toBeNull();
    expect(store.names("")).toEqual([]);
    const came = pageOf("https://shop.example/a", "A", "https://search.example/");
    expect(firstVisit(store, came, "?utm_source=ya", now)).toMatchObject({ referrer: "https://search.example/", utm: { source: "ya" } });
    expect(firstVisit(store, plain, "?utm_source=later", new Date())).toMatchObject({ utm: { source: "ya" }, at: now.toISOString() });
  });

  it("tells the page without fragment and password", () => {
    expect(pageOf("https://u:p@shop.example/a?b=1#secret", "A", "").url).toBe("https://shop.example/a?b=1");
  });
});
