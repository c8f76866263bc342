import { describe, expect, it } from "vitest";
import type { JsonSchema } from "../api/types";
import { configOf, fieldPath, fieldsOf, folded, present, startValues, type Field, wrongs } from "./schema";
import { snippetOf } from "./snippet";

// As msgspec writes it: a reference at the top, optional fields as "or null", nested structs by reference.
const schema: JsonSchema = {
  $ref: "#/$defs/Config",
  $defs: {
    Config: {
      type: "object",
      title: "Config",
      properties: {
        token: { title: "Bot token", description: "From @BotFather.", type: "string", format: "password", writeOnly: true },
        mode: { $ref: "#/$defs/Mode" },
        port: { type: "integer", minimum: 1, maximum: 65535, default: 993 },
        proxy: { anyOf: [{ type: "string" }, { type: "null" }], default: null },
        sounds: { type: "boolean", default: true },
        domains: { type: "array", items: { type: "string" }, default: [] },
        greeting: { $ref: "#/$defs/Texts" },
        accent: { type: "string", format: "color", default: "#0b6555" },
        signature: { type: "string", format: "textarea", default: "" },
        imap: { $ref: "#/$defs/Server", title: "Incoming mail" },
        extra: { type: "object", additionalProperties: true, default: {} },
      },
      required: ["token", "imap"],
    },
    Mode: { title: "Mode", enum: ["webhook", "long_poll"] },
    Texts: { title: "Texts", type: "object", properties: { ru: { type: "string" }, uk: { type: "string" }, en: { type: "string" } } },
    Server: { title: "Server", type: "object", properties: { host: { type: "string" }, port: { type: "integer", default: 993 } }, required: ["host"] },
  },
};
const fields = fieldsOf(schema);
const of = (name: string) => fields.find((field) => field.name === name) as Field;
const making = { editing: false };
const editing = { editing: true };

describe("a form from a schema", () => {
  it("knows the kind of every field", () => {
    expect(Object.fromEntries(fields.map((field) => [field.name, field.kind]))).toEqual({
      token: "secret", mode: "choice", port: "number", proxy: "text", sounds: "bool", domains: "list", greeting: "texts", accent: "colour", signature: "area", imap: "group", extra: "json",
    });
  });

  it("takes titles and help from the schema, else speaks from the name", () => {
    expect(of("token")).toMatchObject({ title: "Bot token", help: "From @BotFather.", required: true });
    expect(of("imap").title).toBe("Incoming mail");
    expect(of("mode")).toMatchObject({ title: "Mode", options: [{ value: "webhook", title: "Webhook" }, { value: "long_poll", title: "Long poll" }] });
    expect(of("imap").fields[0]?.path).toBe("imap.host");
  });

  it("starts with defaults, and with nothing where a secret is", () => {
    const values = startValues(fields, { token: "", port: 143, imap: { host: "mail.example" } });
    expect(values).toMatchObject({ token: "", port: 143, sounds: true, accent: "#0b6555", greeting: { ru: "", uk: "", en: "" }, imap: { host: "mail.example", port: 993 } });
  });

  it("sends what was filled in and leaves the server's defaults alone", () => {
    const values = { ...startValues(fields), token: "1:a", port: null, domains: [" shop.example ", ""], extra: "" };
    const config = configOf(fields, values, making);
    expect(config).toMatchObject({ token: "1:a", domains: ["shop.example"] });
    expect(Object.keys(config)).not.toContain("port");
    expect(Object.keys(config)).not.toContain("mode");
    expect(Object.keys(config)).not.toContain("extra");
  });

  it("sends an empty secret only to keep the stored one", () => {
    const values = startValues(fields);
    expect(configOf(fields, values, editing).token).toBe("");
  });

  it("sees what is missing before the server is asked", () => {
    const values = { ...startValues(fields), port: 70_000, extra: "{" };
    expect(wrongs(fields, values, making)).toEqual({ token: "required", "imap.host": "required", port: "range", extra: "json" });
    expect(wrongs(fields, { ...startValues(fields), imap: { host: "h", port: 1 } }, editing)).toEqual({});
  });

  it("folds a long rest behind what must be filled in", () => {
    const split = folded(fields);
    expect(split.open.map((field) => field.name)).toEqual(["token", "imap"]);
    expect(split.rest).toHaveLength(fields.length - 2);
    expect(folded(split.rest).rest).toEqual([]);
  });

  it("asks first for what only the shop knows, and folds the vendor's own addresses away", () => {
    const text = { type: "string" };
    const made = fieldsOf({ type: "object", required: ["token"], properties: { country: { ...text, default: "" }, token: text, base: { ...text, default: "https://api.example" }, home: { ...text, default: "https://home.example", asked: true } } });
    const names = (list: Field[]) => list.map((field) => field.name);
    const { open, rest } = folded(made);
    expect([names(open), names(rest)]).toEqual([["token", "home", "country"], ["base"]]);
  });

  it("writes lists by language as lines, and offers inboxes where they are meant", () => {
    const list = { type: "array", items: { type: "string" }, default: [] };
    const made = fieldsOf({ type: "object", properties: { quick: { type: "object", properties: { ru: list, en: list } }, others: { ...list, format: "inboxes" } } });
    expect(made.map((field) => field.kind)).toEqual(["lines", "inboxes"]);
    const values = startValues(made, { quick: { ru: ["Где заказ?", "Цена"] } });
    expect(values.quick).toMatchObject({ ru: "Где заказ?\nЦена", en: "" });
    expect(configOf(made, values, making)).toEqual({ quick: { ru: ["Где заказ?", "Цена"], uk: [], en: [] }, others: [] });
  });

  it("finds the field that a problem names", () => {
    expect(["config.token", "$.config.imap.host", "/config/imap/host", "name"].map(fieldPath)).toEqual(["token", "imap.host", "imap.host", "name"]);
    expect(fieldPath(null)).toBeNull();
  });
});

describe("the line for the shop's page", () => {
  it("carries the inbox's public key", () => {
    expect(snippetOf("https://help.example", { key: "KEY" })).toBe('<script src="https://help.example/widget.js" data-inbox="KEY" async></script>');
  });

  it("draws a list of alike things as rows, and says which row is wrong", () => {
    const shift = { type: "object", required: ["ring"], properties: { ring: { type: "string" }, days: { type: "array", items: { enum: ["mon", "sun"] } }, agent_id: { type: "string", format: "agent" } } };
    const fields = fieldsOf({ type: "object", properties: { duty: { type: "array", items: { $ref: "#/$defs/Shift" }, default: [] } }, $defs: { Shift: shift } } as never);
    expect(fields[0]?.kind).toBe("rows");
    expect(fields[0]?.fields.map((one) => one.kind)).toEqual(["text", "choices", "agent"]);
    const values = startValues(fields, { duty: [{ ring: "101", days: ["sun"] }, {}] });
    expect(wrongs(fields, values, { editing: true })).toEqual({ "duty.1.ring": "required" });
    (values.duty as { ring: string }[])[1]!.ring = " 102 ";
    expect(configOf(fields, values, { editing: true })).toEqual({ duty: [{ ring: "101", days: ["sun"], agent_id: "" }, { ring: "102", days: [], agent_id: "" }] });
  });
});

describe("a form that depends on a choice", () => {
  const byPage = { sign_in: ["google"] };
  const fields = fieldsOf({
    type: "object",
    properties: {
      sign_in: { enum: ["password", "google"], default: "password", asked: true },
      host: { type: "string", default: "", needed_when: { sign_in: ["password"] } },
      client_id: { type: "string", default: "", when: byPage, needed_when: byPage },
    },
  });
  const asked = (sign_in: string) => present(fields, { sign_in }).map((field) => `${field.name}${field.required ? "!" : ""}`);
  it("shows and requires what the choice needs", () => {
    expect(asked("password")).toEqual(["sign_in!", "host!"]);
    expect(asked("google")).toEqual(["sign_in!", "host", "client_id!"]);
    expect(wrongs(present(fields, { sign_in: "google" }), { sign_in: "google", host: "", client_id: "" }, { editing: false })).toEqual({ client_id: "required" });
  });
});
