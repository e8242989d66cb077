"use strict";
// Runs in the head, before the first paint: applies the selected color theme, which is stored in the browser if possible, and ?embed=1.
(() => {
  const root = document.documentElement;
  const choices = ["system", "light", "dark"];
  const names = { system: "system", light: "light", dark: "dark" };
  const read = () => {
    try {
      return choices.includes(localStorage.getItem("focalsharp-theme")) ? localStorage.getItem("focalsharp-theme") : "system";
    } catch {
      return "system";
    }
  };
  root.classList.toggle("embed", new URLSearchParams(location.search).get("embed") === "1");
  let choice = read();
  const apply = () => {
    if (choice === "system") {
      root.removeAttribute("data-theme");
    } else {
      root.dataset.theme = choice;
    }
  };
  const announce = () => document.dispatchEvent(new Event("focalsharp:theme"));
  apply();
  document.addEventListener("DOMContentLoaded", () => {
    const toggle = document.querySelector("[data-theme-toggle]");
    const label = () => toggle.setAttribute("aria-label", `Colors: ${names[choice]}`);
    label();
    toggle.addEventListener("click", () => {
      choice = choices[(choices.indexOf(choice) + 1) % choices.length];
      try {
        localStorage.setItem("focalsharp-theme", choice);
      } catch {
        // A page opened from disk may have no storage; the selection then lasts until it is closed.
      }
      apply();
      label();
      announce();
    });
    matchMedia("(prefers-color-scheme: dark)").addEventListener("change", announce);
  });
})();
