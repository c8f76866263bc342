// Every other messenger and market place: one drawing for all, after what each of them can do.
import { $, base64, make, telling } from "./phone-dom.js";
import { act, asMe } from "./phone-link.js";
import { Log, prepareComposer, when, withLinks } from "./phone-log.js";
import { word } from "./phone-words.js";

const views = new Map(); // name → what is drawn of it
let open = ""; // the application that lies open
let seen = false; // and before somebody's eyes
let arrived = null; // {name, token}: somebody came by a link, and the application has not been drawn yet
const told = () => $("#apps-told");
const letters = (title) => (title.length < 4 ? title : title.slice(0, 2));

// What changes with the language is found again by its mark.
const worded = (tag, name, attributes = {}) => make(tag, { "data-word": name, ...attributes }, word(name));
const labelled = (tag, name, attributes = {}, ...children) => make(tag, { "data-label": name, "aria-label": word(name), ...attributes }, ...children);

class View {
  looking = false;
  token = ""; // what the link brought along
  way = "say"; // say, comment, review or ask
  stars = 5;
  editing = null; // id of a message

  constructor(app) {
    this.name = app.name;
    this.log = make("div", { class: "log", role: "log", tabindex: "0", "aria-label": app.title });
    this.drawn = new Log(this.log, (message) => this.bubble(message));
    this.ways = labelled("div", "how", { class: "ways", role: "radiogroup" });
    this.rating = labelled("div", "how_review", { class: "rating", role: "radiogroup" });
    this.rating.append(...[1, 2, 3, 4, 5].map((one) => make("button", { type: "button", role: "radio", "aria-label": `${one}/5`, onclick: () => this.rate(one) }, "★")));
    this.field = make("textarea", { rows: "1", maxlength: "4096", "data-hint": "write", placeholder: word("write"), "aria-label": word("write") });
    this.attach = make("details", { class: "attach" }, labelled("summary", "attach", {}, "+"), make("div", { role: "menu" }, worded("button", "photo_cup", { type: "button", role: "menuitem", onclick: () => this.photo() })));
    this.form = make("form", { class: "composer", autocomplete: "off" }, this.attach, this.field, labelled("button", "send", { type: "submit" }, "➤"));
    prepareComposer(this.form, () => this.say());
    this.field.addEventListener("keydown", (event) => { if (event.key === "Escape") this.edit(null); });
    this.begin = make("div", { class: "begin" });
    this.rows = make("div", { class: "how" }, this.ways, this.rating);
    this.node = make("div", { class: "talk", hidden: true }, this.log, this.begin, this.rows, this.form);
    $("#apps-talks").append(this.node);
  }

  /** The result is how many messages of the shop have come since the last look. */
  draw(app) {
    this.can = new Set(app.can);
    this.title = app.title;
    this.colour = app.colour;
    this.node.style.setProperty("--brand", app.colour);
    const offered = [...(this.can.has("review") ? ["review"] : []), ...(this.can.has("ask") ? ["ask"] : []), ...(this.can.has("aloud") ? [] : ["say"]), ...(this.can.has("comment") ? ["comment"] : [])];
    if (this.ways.childElementCount !== offered.length) {
      this.ways.replaceChildren(...offered.map((one) => worded("button", `how_${one}`, { type: "button", role: "radio", "data-way": one, onclick: () => this.choose(one) })));
      this.choose(offered[0]);
    }
    this.offered = offered;
    this.blocked = app.blocked;
    this.shut = app.blocked || Boolean(this.token) || (this.can.has("start") && !app.started);
    this.lay();
    return this.drawn.draw(app.messages, this.shut ? "" : word(this.can.has("review") ? "no_review" : "no_app"));
  }

  /** What the person can do now. */
  lay() {
    const why = this.blocked ? "begin_blocked" : this.token ? "begin_link" : "begin_why";
    this.begin.hidden = !this.shut;
    this.form.hidden = this.shut;
    this.rows.hidden = this.shut || (this.offered.length === 1 && this.way !== "review");
    this.ways.hidden = this.offered.length === 1;
    this.rating.hidden = this.way !== "review";
    this.attach.hidden = !this.can.has("file") || this.way !== "say" || this.editing !== null;
    if (this.shut && this.begin.dataset.why !== why) {
      this.begin.dataset.why = why;
      this.begin.replaceChildren(worded("p", why), worded("button", this.blocked ? "unblock" : "start", { type: "button", onclick: () => this.enter() }));
    }
  }

  choose(way) {
    this.way = way;
    for (const one of this.ways.children) one.setAttribute("aria-checked", String(one.dataset.way === way));
    this.field.dataset.hint = way === "say" ? "write" : `how_${way}`;
    this.field.placeholder = word(this.field.dataset.hint);
    this.field.setAttribute("aria-label", this.field.placeholder);
    this.rate(this.stars);
    if (this.offered) this.lay();
  }

  rate(stars) {
    this.stars = stars;
    [...this.rating.children].forEach((one, at) => {
      one.setAttribute("aria-checked", String(at + 1 === stars));
      one.classList.toggle("on", at < stars);
    });
  }

  bubble(message) {
    const fileAt = (file) => asMe(`/phone/files/${encodeURIComponent(file.id)}`);
    const file = (one) => (one.type.startsWith("image/") ? make("img", { src: fileAt(one), alt: one.name, onload: () => this.drawn.follow() }) : make("a", { href: fileAt(one), download: one.name }, one.name));
    const pressed = (one) => message.pressed === one.id || message.pressed === one.title;
    const button = (one) => (one.url ? make("a", { class: "press", href: one.url, target: "_blank", rel: "noopener" }, one.title) : make("button", { class: "press", type: "button", "aria-pressed": String(pressed(one)), onclick: () => this.act("press", { message_id: message.id, button: one.id }) }, one.title));
    const own = message.mine && !message.deleted && !message.rating && !(message.public && this.can.has("review"));
    const tools = [
      own && this.can.has("edit") && message.text && labelled("button", "edit", { type: "button", title: word("edit"), onclick: () => this.edit(message) }, "✎"),
      own && this.can.has("delete") && labelled("button", "delete", { type: "button", title: word("delete"), onclick: () => this.act("delete", { message_id: message.id }) }, "×"),
    ].filter(Boolean);
    const stamp = when({ ...message, mine: message.mine && !message.public }, message.public && `${word("public")} · `, message.edited && `${word("edited")} · `);
    return make("div", { class: `said ${message.mine ? "mine" : "theirs"}${message.public ? " public" : ""}` },
      make("div", { class: "bubble" },
        message.rating ? make("span", { class: "stars", "aria-label": `${message.rating}/5`, role: "img" }, "★".repeat(message.rating), make("s", {}, "★".repeat(5 - message.rating))) : null,
        ...message.files.map(file),
        message.deleted ? worded("em", "deleted") : message.text && make("span", { class: "words" }, ...withLinks(message.text)),
        stamp,
        tools.length ? make("span", { class: "tools" }, ...tools) : null),
      message.buttons.length ? make("div", { class: "presses" }, ...message.buttons.map(button)) : null);
  }

  /** `done` is called when it went well. */
  act(action, wish = {}, done = () => {}) {
    return telling(told(), async () => {
      await act(`app/${this.name}/${action}`, wish);
      done();
    });
  }

  edit(message) {
    this.editing = message?.id ?? null;
    this.field.value = message?.text ?? "";
    this.form.classList.toggle("changing", Boolean(message));
    this.field.focus();
    this.lay();
  }

  enter() {
    if (this.blocked) return this.act("block", { on: false });
    const payload = this.token;
    this.token = "";
    return this.act("start", { payload }, () => history.replaceState(null, "", "/phone"));
  }

  say() {
    const text = this.field.value.trim();
    if (!text && this.way !== "review") return;
    this.drawn.toEnd();
    if (this.editing !== null) this.act("edit", { message_id: this.editing, text }, () => this.edit(null));
    else this.act(this.way, { text, ...(this.way === "review" ? { rating: this.stars } : {}) }, () => { this.field.value = ""; });
  }

  async photo() {
    this.attach.open = false;
    await this.act("file", { name: "cup.png", type: "image/png", data: await base64(await (await fetch("/phone/samples/cup.png")).blob()) });
  }
}

/** The result is how many messages of the shop have come since the last look. */
export function draw(apps) {
  const shelf = $("#apps-shelf");
  const names = apps.map((one) => one.name).join();
  if (shelf.dataset.names !== names) {
    shelf.dataset.names = names;
    shelf.replaceChildren(...apps.map(sign));
  }
  let fresh = 0;
  for (const app of apps) {
    const known = views.has(app.name);
    if (!known) views.set(app.name, new View(app));
    const news = views.get(app.name).draw(app);
    if (!known || news <= 0) continue;
    if (open !== app.name) shelf.querySelector(`[data-name="${app.name}"] i`).hidden = false;
    fresh += news;
  }
  $(".dock [data-app='apps']").hidden = apps.length === 0;
  if (arrived) arrive(arrived.name, arrived.token);
  title();
  return fresh;
}

function sign(app) {
  const mark = make("b", { "aria-hidden": "true" }, letters(app.title));
  mark.style.setProperty("--brand", app.colour);
  return make("button", { type: "button", "data-name": app.name, onclick: () => enter(app.name) }, mark, make("span", {}, app.title), make("i", { hidden: true }));
}

/** Opens an application, or the shelf of them: "". */
export function enter(name) {
  open = name;
  document.body.dataset.inner = name;
  const dot = $(`#apps-shelf [data-name="${name}"] i`);
  if (dot) dot.hidden = true;
  $("#apps-shelf").hidden = Boolean(name);
  $("#apps-back").hidden = !name;
  for (const view of views.values()) view.node.hidden = view.name !== name;
  told().textContent = "";
  title();
  look(seen);
}

/** Somebody came by a link: its word goes along when they begin. */
export function arrive(name, token) {
  const view = views.get(name);
  arrived = view ? null : { name, token };
  if (!view) return;
  view.token = token;
  view.shut ||= Boolean(token);
  view.lay();
  enter(name);
}

function title() {
  const view = views.get(open);
  const mark = $("#apps-mark");
  mark.hidden = !view;
  mark.textContent = view ? letters(view.title) : "";
  mark.style.setProperty("--brand", view?.colour ?? "");
  $("#apps-title").textContent = word(view ? "shop_name" : "more_apps");
  $("#apps-of").textContent = view?.title ?? "";
  $("#apps-block").hidden = !(view?.can.has("block") && !view.shut);
}

/** What lies before the customer's eyes counts as read. */
export function look(visible) {
  seen = visible;
  for (const view of views.values()) {
    const looking = visible && view.name === open;
    if (looking !== view.looking && view.can?.has("look")) {
      view.looking = looking;
      act(`app/${view.name}/look`, { on: looking }).catch(() => { view.looking = !looking; });
    }
  }
}

/** How people call the application that lies open; empty on the shelf. */
export const opened = () => views.get(open)?.title ?? "";

export function prepare() {
  $("#apps-back").addEventListener("click", () => enter(""));
  $("#apps-block").addEventListener("click", () => views.get(open)?.act("block", { on: true }));
}
