// The request form's help: the little work that stands in for a captcha, and an address that robots cannot read.
// Serves our own page and any form on the shop's pages that posts to us. Without it the form works as it is.
"use strict";

(() => {
  const K = new Uint32Array(64);
  const FIRST = new Uint32Array(8);
  for (let n = 2, found = 0; found < 64; n++) {
    let prime = true;
    for (let d = 2; d * d <= n; d++) if (n % d === 0) prime = false;
    if (!prime) continue;
    if (found < 8) FIRST[found] = (Math.sqrt(n) % 1) * 4294967296;
    K[found++] = (Math.cbrt(n) % 1) * 4294967296;
  }
  const W = new Uint32Array(64);
  const turn = (x, n) => (x >>> n) | (x << (32 - n));

  // The first 32 bits of SHA-256 of a text of one block (55 ASCII characters at most).
  function head(text) {
    W.fill(0, 0, 16);
    for (let i = 0; i < text.length; i++) W[i >> 2] |= text.charCodeAt(i) << (24 - 8 * (i & 3));
    W[text.length >> 2] |= 0x80 << (24 - 8 * (text.length & 3));
    W[15] = text.length * 8;
    for (let i = 16; i < 64; i++) {
      const x = W[i - 15], y = W[i - 2];
      W[i] = (turn(y, 17) ^ turn(y, 19) ^ (y >>> 10)) + W[i - 7] + (turn(x, 7) ^ turn(x, 18) ^ (x >>> 3)) + W[i - 16];
    }
    let [a, b, c, d, e, f, g, h] = FIRST;
    for (let i = 0; i < 64; i++) {
      const one = (h + (turn(e, 6) ^ turn(e, 11) ^ turn(e, 25)) + ((e & f) ^ (~e & g)) + K[i] + W[i]) | 0;
      const two = ((turn(a, 2) ^ turn(a, 13) ^ turn(a, 22)) + ((a & b) ^ (a & c) ^ (b & c))) | 0;
      h = g; g = f; f = e; e = (d + one) | 0; d = c; c = b; b = a; a = (one + two) | 0;
    }
    return (FIRST[0] + a) >>> 0;
  }

  const pause = () => new Promise((go) => setTimeout(go));

  async function work(seed, bits) {
    for (let n = 0; ; n++) {
      if (head(seed + n) >>> (32 - bits) === 0) return n;
      if (n % 2000 === 1999) await pause();
    }
  }

  function put(form, name, value) {
    const field = form.elements[name] || form.appendChild(Object.assign(document.createElement("input"), { type: "hidden", name }));
    field.value = value;
  }

  function help(form) {
    let ready = null;
    let working = false;
    const prepare = () => (ready ??= (async () => {
      try {
        const answer = await fetch(form.action.split("?")[0] + "/ticket", { credentials: "omit" });
        const { ticket, seed, bits } = await answer.json();
        put(form, "work", await work(seed, bits));
        put(form, "ticket", ticket);
      } catch {
        // Without a ticket it is sent as by a browser without scripts.
      }
    })());
    form.addEventListener("focusin", prepare, { once: true });
    form.addEventListener("submit", async (event) => {
      event.preventDefault();
      if (working) return;
      working = true;
      for (const button of form.querySelectorAll("button")) button.setAttribute("aria-busy", "true");
      await prepare();
      form.submit();
    });
    window.addEventListener("pageshow", (event) => {
      if (!event.persisted) return;
      for (const button of form.querySelectorAll("button")) button.removeAttribute("aria-busy");
      ready = null; // back from the status page: what is sent now is another message
      working = false;
    });
  }

  // What is too large is said before it is carried to the server for nothing.
  function weigh(input) {
    input.addEventListener("change", () => {
      let bytes = 0;
      for (const file of input.files) bytes += file.size;
      const large = bytes > Number(input.dataset.most) || input.files.length > Number(input.dataset.count);
      input.setCustomValidity(large ? input.dataset.large : "");
      if (large) input.reportValidity();
    });
  }

  function reveal(place) {
    const button = place.appendChild(document.createElement("button"));
    button.type = "button";
    button.className = "plain";
    button.textContent = place.dataset.show;
    place.firstElementChild.hidden = true;
    button.addEventListener("click", () => {
      const turned = (text) => [...atob(text)].reverse().join("");
      const address = turned(place.dataset.u) + String.fromCharCode(64) + turned(place.dataset.h);
      const link = document.createElement("a");
      link.href = "mail" + "to:" + address;
      link.textContent = address;
      place.replaceChildren(link);
      link.focus();
    });
  }

  function begin() {
    for (const form of document.querySelectorAll("form[data-prilavok]")) help(form);
    for (const input of document.querySelectorAll("input[data-most]")) weigh(input);
    for (const place of document.querySelectorAll("[data-u][data-h]")) reveal(place);
  }
  if (document.readyState === "loading") document.addEventListener("DOMContentLoaded", begin);
  else begin();
})();
