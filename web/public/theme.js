// Before the first paint, so that a dark page never flashes white. A file of its own because of the strict CSP.
(function () {
  let theme = null;
  try {
    theme = localStorage.getItem("prilavok.theme");
  } catch {
    // Storage is forbidden in this browser: the system's theme is used.
  }
  const system = matchMedia("(prefers-color-scheme: dark)");
  const apply = () => {
    document.documentElement.dataset.theme = theme === "light" || theme === "dark" ? theme : system.matches ? "dark" : "light";
  };
  apply();
  system.addEventListener("change", () => {
    try {
      theme = localStorage.getItem("prilavok.theme");
    } catch {
      theme = null;
    }
    apply();
  });
})();
