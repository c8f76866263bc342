# ruff: noqa: E501  the script is read by browsers
"""The snippet that shows a product's reviews and questions on a page of the shop:

    <div data-prilavok-cards="KEY" data-product="SKU" data-name="Lamp"></div>
    <script src="https://HOST/cards.js" async></script>

It lives in a shadow of its own, writes texts only as text, and asks for nothing but stars and words.
"""

SCRIPT = r"""
(() => {
  "use strict";
  const base = new URL(document.currentScript.src).origin;
  const order = new URLSearchParams(location.hash.slice(1)).get("review") || "";
  const texts = {
    en: { tongue: "en-GB", reviews: "Reviews and questions", none: "Nobody has said anything yet.", review: "Review", question: "Question",
      name: "Your name (optional)", words: "Your words", send: "Send", stars: "Stars", bought: "bought here", shop: "The shop",
      photos: "Add photographs", photo: "Photograph", without: "Remove", thanks: "Thank you. It is here.", later: "Thank you. It will be here after a look.", failed: "That did not work. Try again.",
      429: "Too often. Wait a little: your words are still here.", 413: "There are too many photographs, or they are too large.",
      403: "No reviews are taken on this page.", text: "Write a word at least.", photo_wrong: "This does not look like a photograph.", four: "No more than four photographs fit." },
    ru: { tongue: "ru", reviews: "Отзывы и вопросы", none: "Пока никто ничего не сказал.", review: "Отзыв", question: "Вопрос",
      name: "Ваше имя (не обязательно)", words: "Ваши слова", send: "Отправить", stars: "Оценка", bought: "куплено здесь",
      shop: "Магазин", photos: "Добавить фотографии", photo: "Фотография", without: "Убрать", thanks: "Спасибо, Ваши слова уже здесь.", later: "Спасибо. Появится после проверки.",
      failed: "Не получилось. Попробуйте ещё раз.",
      429: "Слишком часто. Подождите немного: написанное никуда не делось.", 413: "Фотографий слишком много, или они слишком большие.",
      403: "На этой странице отзывы не принимают.", text: "Напишите хоть слово.", photo_wrong: "Это не похоже на фотографию.", four: "Больше четырёх фотографий не поместится." },
    uk: { tongue: "uk", reviews: "Відгуки та запитання", none: "Поки ніхто нічого не сказав.", review: "Відгук", question: "Запитання",
      name: "Ваше ім’я (не обов’язково)", words: "Ваші слова", send: "Надіслати", stars: "Оцінка", bought: "куплено тут",
      shop: "Крамниця", photos: "Додати фотографії", photo: "Фотографія", without: "Прибрати", thanks: "Дякуємо, Ваші слова вже тут.", later: "Дякуємо. З’явиться після перевірки.",
      failed: "Не вийшло. Спробуйте ще раз.",
      429: "Надто часто. Зачекайте трохи: написане нікуди не ділося.", 413: "Фотографій забагато, або вони завеликі.",
      403: "На цій сторінці відгуків не приймають.", text: "Напишіть хоч слово.", photo_wrong: "Це не схоже на фотографію.", four: "Більше чотирьох фотографій не вміститься." },
  };
  const style = `:host{display:block;font:inherit;color:inherit}*{box-sizing:border-box}
    .head{display:flex;gap:.6em;align-items:baseline;flex-wrap:wrap}.stars{color:#b7791f;letter-spacing:.05em}
    ol{list-style:none;margin:1em 0;padding:0}li{padding:.8em 0;border-top:1px solid rgba(128,128,128,.35)}
    p{margin:.2em 0;white-space:pre-wrap;overflow-wrap:anywhere}.who{opacity:.8;font-size:.9em}
    .answer{margin:.6em 0 0 1em;padding-left:.8em;border-left:3px solid #0f5c56}
    form{display:grid;gap:.6em;max-width:34em}input,textarea,button,select{font:inherit;padding:.5em;border-radius:6px;
    border:1px solid rgba(128,128,128,.6);background:transparent;color:inherit;width:100%}
    button{background:#0f5c56;color:#fff;border:0;min-height:44px;cursor:pointer}
    button:disabled{opacity:.6}fieldset{border:0;padding:0;margin:0;display:flex;gap:.8em;flex-wrap:wrap}
    label{display:inline-flex;gap:.3em;align-items:center}label input{width:auto}
    .photos{display:flex;gap:.5em;flex-wrap:wrap;margin:.4em 0}.photos:empty{display:none}
    .photos img{width:5.5em;height:5.5em;object-fit:cover;border-radius:6px;display:block}
    .photos span{position:relative}.photos span button{position:absolute;top:-.9em;right:-.9em;width:44px;height:44px;
    padding:0;background:none;line-height:1}.photos span button::before{content:"×";display:inline-block;width:1.5em;height:1.5em;
    line-height:1.4em;border-radius:50%;background:#0f5c56;color:#fff}
    .pick{border:1px dashed rgba(128,128,128,.8);border-radius:6px;padding:.5em;min-height:44px;cursor:pointer;justify-content:center}
    .pick input{position:absolute;opacity:0;width:1px;height:1px}.pick:focus-within{outline:2px solid #0f5c56;outline-offset:2px}`;
  const make = (name, props = {}, ...inner) => {
    const node = Object.assign(document.createElement(name), props);
    node.append(...inner);
    return node;
  };
  const stars = (n) => make("span", { className: "stars", title: n + " / 5", role: "img", ariaLabel: n + " / 5" },
    "★".repeat(n) + "☆".repeat(5 - n));

  async function prove(challenge, bits) {
    for (let nonce = 0; ; nonce++) {
      const bytes = new TextEncoder().encode(challenge + ":" + nonce);
      const hash = new DataView(await crypto.subtle.digest("SHA-256", bytes)).getUint32(0);
      if (hash >>> (32 - bits) === 0) return String(nonce);
    }
  }

  async function ask(path, options) {
    const answer = await fetch(path, options);
    const body = await answer.json();
    if (!answer.ok) throw Object.assign(new Error(body.detail || answer.status), { status: answer.status });
    return body;
  }

  // Small, upright and without what the camera wrote into it: where and when it was taken.
  async function smaller(file) {
    const picture = await createImageBitmap(file);
    const scale = Math.min(1, 1600 / Math.max(picture.width, picture.height));
    const sheet = make("canvas", { width: Math.round(picture.width * scale), height: Math.round(picture.height * scale) });
    const pen = sheet.getContext("2d");
    pen.fillStyle = "#fff";
    pen.fillRect(0, 0, sheet.width, sheet.height);
    pen.drawImage(picture, 0, 0, sheet.width, sheet.height);
    return new Promise((done) => sheet.toBlob(done, "image/jpeg", 0.82));
  }

  function pictures(files, where, say) {
    const line = make("div", { className: "photos" });
    for (const one of files) {
      const link = make("a", { href: where + one.url, target: "_blank", rel: "noopener" });
      link.append(one.type.startsWith("image/")
        ? make("img", { src: link.href, alt: say.photo, loading: "lazy" }) : one.name);
      line.append(link);
    }
    return line;
  }

  function item(one, say, where) {
    const who = [one.name, one.verified ? "✓ " + say.bought : "", new Date(one.at).toLocaleDateString(say.tongue)];
    const line = make("li", {}, make("p", { className: "who" }, who.filter(Boolean).join(" · ")));
    if (one.rating) line.prepend(stars(one.rating));
    if (one.text) line.append(make("p", {}, one.text));
    line.append(pictures(one.files, where, say));
    for (const answer of one.answers)
      line.append(make("div", { className: "answer" }, make("p", { className: "who" }, say.shop), make("p", {}, answer.text),
        pictures(answer.files, where, say)));
    return line;
  }

  function start(place) {
    const { prilavokCards: key, product, name = "" } = place.dataset;
    const spoken = (place.dataset.language || document.documentElement.lang || navigator.language || "en").slice(0, 2);
    const say = texts[spoken] || texts.en;
    const root = place.shadowRoot || place.attachShadow({ mode: "open" });
    const list = make("ol"), head = make("div", { className: "head" }), told = make("p", { role: "status" });
    const kinds = ["review", "question"].map((kind, at) => make("label", {},
      make("input", { type: "radio", name: "kind", value: kind, checked: at === 0 }), say[kind]));
    const rating = make("select", { name: "rating", ariaLabel: say.stars },
      make("option", { value: "" }, say.stars), ...[5, 4, 3, 2, 1].map((n) => make("option", { value: n }, "★".repeat(n))));
    const words = make("textarea", { name: "text", rows: 4, maxLength: 4000, placeholder: say.words, ariaLabel: say.words });
    const person = make("input", { name: "name", maxLength: 100, placeholder: say.name, ariaLabel: say.name, autocomplete: "name" });
    const button = make("button", { type: "submit" }, say.send);
    const where = base + "/cards/" + encodeURIComponent(key) + "/";
    const picker = make("input", { type: "file", accept: "image/*", multiple: true });
    const chosen = make("div", { className: "photos" });
    const form = make("form", {}, make("fieldset", {}, ...kinds), rating, words, chosen,
      make("label", { className: "pick" }, say.photos, picker), person, button, told);
    let photos = [];
    const draw = () => chosen.replaceChildren(...photos.map((one) => {
      const away = make("button", { type: "button", ariaLabel: say.without });
      away.onclick = () => { photos = photos.filter((other) => other !== one); draw(); };
      return make("span", {}, one.picture, away);
    }));
    picker.addEventListener("change", async () => {
      told.textContent = picker.files.length > 4 - photos.length ? say.four : "";
      for (const file of [...picker.files].slice(0, 4 - photos.length)) {
        try {
          const data = await smaller(file);
          const shown = URL.createObjectURL(data);
          const onload = () => URL.revokeObjectURL(shown); // the picture is there, and stays in this element
          photos.push({ data, picture: make("img", { alt: say.photo, onload, src: shown }) });
        } catch {
          told.textContent = say.photo_wrong + " " + file.name;
        }
      }
      picker.value = "";
      draw();
    });
    // Not a style element: pages that allow no inline styles show the card as well.
    const sheet = new CSSStyleSheet();
    sheet.replaceSync(style);
    root.adoptedStyleSheets = [sheet];
    root.replaceChildren(head, list, form);
    form.addEventListener("change", () => {
      rating.hidden = !(rating.required = form.kind.value === "review");
      words.required = !rating.required;
    });
    rating.required = true;

    async function show() {
      const found = await ask(where + "said?product=" + encodeURIComponent(product));
      head.replaceChildren(make("strong", {}, say.reviews),
        ...(found.average ? [stars(Math.round(found.average)), found.average + " · " + found.reviews] : []));
      list.replaceChildren(...(found.items.length ? found.items.map((one) => item(one, say, where)) : [make("li", {}, say.none)]));
    }

    form.addEventListener("submit", async (event) => {
      event.preventDefault();
      if (words.required && !words.value.trim()) {
        told.textContent = say.text;
        return words.focus();
      }
      button.disabled = true;
      told.textContent = "";
      try {
        const { challenge, bits } = await ask(where + "challenge");
        const kind = form.kind.value;
        const body = { kind, text: words.value, name: person.value, order, challenge, nonce: await prove(challenge, bits),
          product: { id: product, name, url: location.origin + location.pathname } };
        if (kind === "review") body.rating = Number(rating.value);
        const letter = new FormData();
        letter.append("said", JSON.stringify(body));
        for (const one of photos) letter.append("photo", one.data, "photo.jpg");
        const done = await ask(where + "said", { method: "POST", body: letter });
        told.textContent = done.shown ? say.thanks : say.later;
        words.value = "";
        photos = [];
        draw();
        if (done.shown) await show();
      } catch (error) {
        const known = say[error.status]; // the server's own sentence is English
        told.textContent = known || (say === texts.en && error.status ? say.failed + " " + error.message : say.failed);
      }
      button.disabled = false;
    });
    show().catch(() => list.replaceChildren(make("li", {}, say.failed)));
  }

  document.querySelectorAll("[data-prilavok-cards]").forEach(start);
})();
"""
