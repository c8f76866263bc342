// The basket only counts: nothing is bought in a practice shop.
const shown = document.getElementById("basket");
let inside = Number(sessionStorage.getItem("basket")) || 0;

const show = () => { shown.textContent = String(inside); };

document.getElementById("add")?.addEventListener("click", () => {
  inside += 1;
  sessionStorage.setItem("basket", String(inside));
  show();
});
show();

// Beside the telephone: its strip shows which page the customer looks at.
if (window.parent !== window) {
  window.parent.postMessage({ kind: "page", url: location.pathname + location.search, title: document.title }, location.origin);
}
