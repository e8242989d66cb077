"use strict";
// Runs in the head, before anything is painted: the reader's choice of colours, kept by the browser where it lets us.
(() => {
  const root = document.documentElement;
  const choices = ["system", "light", "dark"];
  const names = { system: "as the system", light: "light", dark: "dark" };
  const read = () => {
    try {
      return choices.includes(localStorage.getItem("focalsharp-theme")) ? localStorage.getItem("focalsharp-theme") : "system";
    } catch {
      return "system";
    }
  };
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
    const label = () => toggle.setAttribute("aria-label", `Colours: ${names[choice]}`);
    label();
    toggle.addEventListener("click", () => {
      choice = choices[(choices.indexOf(choice) + 1) % choices.length];
      try {
        localStorage.setItem("focalsharp-theme", choice);
      } catch {
        // A page from disk may have no storage; the choice then lasts as long as the page.
      }
      apply();
      label();
      announce();
    });
    matchMedia("(prefers-color-scheme: dark)").addEventListener("change", announce);
  });
})();
