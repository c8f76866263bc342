// The basket lives in this tab; the checkout is filled in with what the telephone beside it knows.
const shown = document.getElementById("basket");
const form = document.getElementById("checkout");
const language = document.documentElement.lang;

function remembered() {
  const known = localStorage.getItem("phone-me");
  if (known && /^[0-9a-f]{32}$/.test(known)) return known;
  const fresh = Array.from(crypto.getRandomValues(new Uint8Array(16)), (one) => one.toString(16).padStart(2, "0")).join("");
  localStorage.setItem("phone-me", fresh);
  return fresh;
}

function chosen() {
  try {
    return JSON.parse(sessionStorage.getItem("chosen")) ?? {};
  } catch {
    return {};
  }
}

function keep(basket) {
  sessionStorage.setItem("chosen", JSON.stringify(basket));
  show();
}

function show() {
  shown.textContent = String(Object.values(chosen()).reduce((sum, one) => sum + one, 0));
}

document.getElementById("add")?.addEventListener("click", (event) => {
  const { slug } = event.currentTarget.dataset;
  const basket = chosen();
  keep({ ...basket, [slug]: (basket[slug] ?? 0) + 1 });
});

// Where the customer came from stays with them until they order.
const marks = [...new URLSearchParams(location.search)].filter(([name]) => name.startsWith("utm_"));
if (marks.length) sessionStorage.setItem("came", String(new URLSearchParams(marks)));

function prepare() {
  const amounts = [...form.querySelectorAll("[data-price]")];
  const total = () => {
    const sum = amounts.reduce((all, one) => all + Number(one.dataset.price) * (Number(one.value) || 0), 0);
    document.getElementById("sum").textContent = `${sum} €`;
  };
  const basket = chosen();
  for (const one of amounts) {
    one.value = basket[one.name] ?? 0;
    one.addEventListener("input", () => {
      total();
      keep(Object.fromEntries(amounts.filter((it) => Number(it.value) > 0).map((it) => [it.name, Number(it.value)])));
    });
  }
  total();
  form.elements.me.value = remembered();
  form.elements.timezone.value = Intl.DateTimeFormat().resolvedOptions().timeZone ?? "";
  form.elements.utm.value = sessionStorage.getItem("came") ?? "";
  for (const chip of form.querySelectorAll("[data-note]")) {
    chip.addEventListener("click", () => {
      form.elements.comment.value = chip.textContent;
      form.elements.comment.focus();
    });
  }
  form.addEventListener("submit", () => sessionStorage.removeItem("chosen"));
  const signIn = document.getElementById("sign-in");
  const tell = (known) => {
    signIn.hidden = document.getElementById("sign-in-why").hidden = known;
    document.getElementById("signed-in").hidden = !known;
  };
  const who = `?me=${remembered()}&language=${language}`;
  signIn.addEventListener("click", async () => {
    const answer = await fetch(`/phone/api/telegram/start${who}`, { method: "POST", body: '{"payload":""}' });
    tell(answer.ok);
  });
  fetch(`/shop/me${who}`).then(async (answer) => {
    if (!answer.ok) return;
    const me = await answer.json();
    for (const name of ["name", "phone", "email"]) form.elements[name].value ||= me[name];
    tell(me.telegram);
  });
}

if (form) prepare();
show();

// Beside the telephone: its strip shows which page the customer looks at.
if (window.parent !== window) {
  window.parent.postMessage({ kind: "page", url: location.pathname + location.search, title: document.title }, location.origin);
  document.getElementById("to-phone")?.remove();
}
