// Every other messenger and market place: one drawing for all, after what each of them can do.
import { $, base64, make, telling } from "./phone-dom.js";
import { act, asMe } from "./phone-link.js";
import { Log, when, withLinks } from "./phone-log.js";
import { word } from "./phone-words.js";

const views = new Map(); // name → what is drawn of it
let open = ""; // the application that lies open
let seen = false; // and before somebody's eyes
const told = () => $("#apps-told");

class View {
  constructor(app) {
    this.name = app.name;
    this.looking = false;
    this.log = make("div", { class: "log", role: "log", tabindex: "0", "aria-label": app.title });
    this.drawn = new Log(this.log, (message) => this.bubble(message));
    this.field = make("textarea", { rows: "1", maxlength: "4096" });
    this.how = make("select", { "aria-label": word("how") });
    this.form = make("form", { class: "composer", autocomplete: "off", onsubmit: (event) => { event.preventDefault(); this.say(); } },
      make("details", { class: "attach" }, make("summary", { "aria-label": word("attach") }, "+"), make("div", { role: "menu" }, make("button", { type: "button", role: "menuitem", onclick: () => this.photo() }, word("photo_cup")))),
      this.how, this.field, make("button", { type: "submit", "aria-label": word("send") }, "➤"));
    this.field.addEventListener("keydown", (event) => { if (event.key === "Enter" && !event.shiftKey && !event.isComposing) { event.preventDefault(); this.say(); } });
    this.begin = make("div", { class: "begin" });
    this.node = make("div", { class: "talk", hidden: true }, this.log, this.begin, this.form);
    $("#apps-talks").append(this.node);
  }

  draw(app) {
    this.can = new Set(app.can);
    this.title = app.title;
    const shut = app.blocked || (this.can.has("start") && !app.started);
    this.begin.hidden = !shut;
    this.form.hidden = shut;
    this.begin.replaceChildren(make("p", {}, word(app.blocked ? "begin_blocked" : "begin_why")),
      make("button", { type: "button", onclick: () => this.act(app.blocked ? "block" : "start", app.blocked ? { on: false } : {}) }, word(app.blocked ? "unblock" : "start")));
    this.blockable = this.can.has("block") && !app.blocked && !shut;
    this.form.querySelector(".attach").hidden = !this.can.has("file");
    this.field.placeholder = word("write");
    this.field.setAttribute("aria-label", word("write"));
    const ways = ["say", ...(this.can.has("comment") ? ["comment"] : []), ...(this.can.has("review") ? ["review5", "review4", "review3", "review2", "review1", "ask"] : [])];
    const as = ways.map((one) => word(`how_${one.replace(/\d/, "")}`) + (/\d/.test(one) ? ` ${"★".repeat(Number(one.at(-1)))}` : "")).join();
    if (this.ways !== as) {
      this.ways = as;
      this.how.replaceChildren(...ways.map((one, at) => make("option", { value: one }, as.split(",")[at])));
      if (this.can.has("review")) this.how.value = "review5";
    }
    this.how.hidden = ways.length === 1;
    return this.drawn.draw(app.messages, word("no_app"));
  }

  bubble(message) {
    const fileAt = (file) => asMe(`/phone/files/${encodeURIComponent(file.id)}`);
    const file = (one) => (one.type.startsWith("image/") ? make("img", { src: fileAt(one), alt: one.name, onload: () => this.drawn.follow() }) : make("a", { href: fileAt(one), download: one.name }, one.name));
    const button = (one) => make("button", { class: "press", type: "button", "aria-pressed": String(message.pressed === one.id || message.pressed === one.title), onclick: () => (one.url ? window.open(one.url, "_blank", "noopener") : this.act("press", { message_id: message.id, button: one.id })) }, one.title);
    return make("div", { class: `said ${message.mine ? "mine" : "theirs"}` },
      make("div", { class: "bubble" },
        message.rating && make("span", { class: "stars", "aria-label": `${message.rating}/5`, role: "img" }, "★".repeat(message.rating) + "☆".repeat(5 - message.rating)),
        ...message.files.map(file),
        message.deleted ? make("em", {}, word("deleted")) : message.text && make("span", { class: "words" }, ...withLinks(message.text)),
        when(message, message.public && `${word("public")} · `, message.edited && `${word("edited")} · `)),
      message.buttons.length ? make("div", { class: "presses" }, ...message.buttons.map(button)) : null);
  }

  act(action, wish = {}) {
    return telling(told(), () => act(`app/${this.name}/${action}`, wish));
  }

  async say() {
    const text = this.field.value.trim();
    const way = this.how.value || "say";
    if (!text && !way.startsWith("review")) return;
    this.drawn.toEnd();
    await this.act(way.replace(/\d/, ""), { text, ...(/\d/.test(way) ? { rating: Number(way.at(-1)) } : {}) });
    if (!told().classList.contains("bad")) this.field.value = "";
  }

  async photo() {
    this.form.querySelector(".attach").open = false;
    await this.act("file", { name: "cup.png", type: "image/png", data: await base64(await (await fetch("/phone/samples/cup.png")).blob()) });
  }
}

/** The result is how many messages of the shop have come since the last look. */
export function draw(apps) {
  let fresh = 0;
  for (const app of apps) {
    if (!views.has(app.name)) views.set(app.name, new View(app));
    const news = views.get(app.name).draw(app);
    if (news > 0 && open !== app.name) mark(app.name, false);
    fresh += Math.max(news, 0);
  }
  const names = apps.map((one) => one.name).join();
  const shelf = $("#apps-shelf");
  if (shelf.dataset.names !== names) {
    shelf.dataset.names = names;
    shelf.replaceChildren(...apps.map((one) => make("button", { type: "button", "data-name": one.name, onclick: () => enter(one.name) }, make("b", { "aria-hidden": "true" }, one.title.slice(0, 1)), make("span", {}, one.title), make("i", { hidden: true }))));
  }
  $(".dock [data-app='apps']").hidden = apps.length === 0;
  title();
  return fresh;
}

const mark = (name, hidden) => { const dot = $(`#apps-shelf [data-name="${name}"] i`); if (dot) dot.hidden = hidden; };

export function enter(name) {
  open = name;
  document.body.dataset.inner = name;
  mark(name, true);
  $("#apps-shelf").hidden = Boolean(name);
  $("#apps-back").hidden = !name;
  for (const view of views.values()) view.node.hidden = view.name !== name;
  told().textContent = "";
  title();
  look(seen);
}

function title() {
  const view = views.get(open);
  $("#apps-title").textContent = view ? view.title : word("more_apps");
  $("#apps-block").hidden = !view?.blockable;
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

export const opened = () => open;

export function prepare() {
  $("#apps-back").addEventListener("click", () => enter(""));
  $("#apps-block").addEventListener("click", () => views.get(open)?.act("block", { on: true }));
}
