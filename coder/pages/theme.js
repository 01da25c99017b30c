"use strict";
(function () {
  const root = document.documentElement;
  const button = document.getElementById("theme");
  const key = "waqai-theme";
  let stored = "";
  try { stored = localStorage.getItem(key) || ""; } catch (error) { stored = ""; }
  function dark() {
    const chosen = root.dataset.theme;
    return chosen ? chosen === "dark" : window.matchMedia("(prefers-color-scheme: dark)").matches;
  }
  function name() { button.textContent = dark() ? "Light colours" : "Dark colours"; }
  if (stored === "dark" || stored === "light") { root.dataset.theme = stored; }
  name();
  button.addEventListener("click", function () {
    root.dataset.theme = dark() ? "light" : "dark";
    try { localStorage.setItem(key, root.dataset.theme); } catch (error) { /* the choice lasts as long as the page */ }
    name();
  });
})();
