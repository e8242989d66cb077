"use strict";
/*
 * Connects the controls of a page to its plots. Every element with data-param is a control; its id or group name is the parameter (dragged
 * values are stored as text in hidden controls). The state is in the fragment of the URL, so that it can be linked to.
 *   focalsharp.page.state       the values of the controls
 *   focalsharp.page.set({...})  sets controls, as the buttons of the page do
 *   focalsharp.page.former      the values before the last movement of a slider, or null
 */
focalsharp.number = (value, digits = 4) => {
  if (!Number.isFinite(value)) {
    return "–";
  }
  const size = Math.abs(value) < 1e-12 ? 0 : Math.abs(value); // rounding errors of zero
  const text = size !== 0 && (size < 1e-3 || size >= 1e5) ? value.toExponential(2) : (size && value).toFixed(size >= 100 ? 2 : digits);
  return text.replace(/^-0(\.0*)?$/, "0$1").replace("e+", "e").replace(/-/g, "−");
};

focalsharp.lab = (render) => {
  const controls = [...document.querySelectorAll("[data-param]")];
  const nameOf = (control) => (control.type === "radio" ? control.name : control.id);
  const byName = (name) => controls.filter((control) => nameOf(control) === name);
  const live = document.querySelector("[data-live]");
  const page = { state: {}, former: null, set, begin, refresh: schedule, speak };
  const valueOf = (control) =>
    (control.type === "checkbox" ? control.checked : control.type === "range" ? Number(control.value) : control.value);
  const initial = new Map(controls.map((control) => [control, control.type === "radio" ? control.checked : valueOf(control)]));
  focalsharp.page = page;
  let frame = 0, speaking = 0, settled = 0, moving = false;

  function read() {
    page.state = {};
    for (const control of controls.filter((one) => one.type !== "radio" || one.checked)) {
      page.state[nameOf(control)] = valueOf(control);
    }
  }

  function write(values) {
    for (const [name, value] of Object.entries(values)) {
      const group = byName(name);
      for (const control of group) {
        if (control.type === "checkbox") {
          control.checked = value === true || value === "true";
        } else if (control.type === "radio") {
          control.checked = group.some((one) => one.value === String(value)) ? control.value === String(value) : control.checked;
        } else if (control.type !== "range") {
          control.value = value;
        } else if (Number.isFinite(Number(value))) {
          control.min = control.dataset.min ?? control.min; // pages restrict some controls depending on others
          control.max = control.dataset.max ?? control.max;
          control.value = value;
        }
      }
    }
  }

  function label() {
    for (const control of controls.filter((one) => one.type === "range")) {
      const digits = (control.step.split(".")[1] || "").length;
      const text = Number(control.value).toFixed(digits).replace("-", "−");
      const output = document.querySelector(`output[for="${control.id}"]`);
      if (output) {
        output.textContent = text;
      }
      control.setAttribute("aria-valuetext", `${control.dataset.spoken || control.id} ${text}`);
    }
  }

  function draw() {
    frame = 0;
    read();
    label();
    const { values = {}, spoken = "" } = render(page.state, page) || {};
    for (const [name, value] of Object.entries(values)) {
      for (const element of document.querySelectorAll(`[data-value="${name}"]`)) {
        element.textContent = typeof value === "number" ? focalsharp.number(value) : value;
        if (typeof value === "number") {
          element.dataset.exact = value;
        }
      }
    }
    clearTimeout(settled);
    settled = setTimeout(remember, 250);
    speak(spoken, 700);
  }

  function speak(text, delay = 0) {
    if (!live || !text) {
      return;
    }
    clearTimeout(speaking);
    speaking = setTimeout(() => { live.textContent = text; }, delay);
  }

  function remember() {
    const words = new URLSearchParams();
    for (const control of controls) {
      const now = control.type === "radio" ? control.checked : valueOf(control);
      if (now !== initial.get(control) && (control.type !== "radio" || now)) {
        words.set(nameOf(control), control.value === "on" ? String(now) : control.value);
      }
    }
    try {
      history.replaceState(null, "", words.size ? `#${words}` : location.pathname + location.search);
    } catch {
      // Some embedders forbid it; the page works without it.
    }
  }

  function begin() {
    page.former = { ...page.state };
  }

  function schedule() {
    frame = frame || requestAnimationFrame(draw);
  }

  function set(values) {
    write(values);
    read();
    schedule();
  }

  const address = () => Object.fromEntries(new URLSearchParams(location.hash.slice(1)));
  write(address());
  addEventListener("hashchange", () => page.set(address()));
  document.addEventListener("focalsharp:theme", schedule);
  for (const control of controls) {
    control.addEventListener("input", () => {
      if (control.type === "range" && !moving) {
        begin();
        moving = true;
      }
      schedule();
    });
    control.addEventListener("change", () => { moving = false; });
  }
  for (const button of document.querySelectorAll("[data-set]")) {
    button.addEventListener("click", () => {
      page.set(Object.fromEntries(new URLSearchParams(button.dataset.set)));
      if (button.closest(".see")) {
        document.querySelector(".lab").scrollIntoView({ block: "start" });
      }
    });
  }
  read();
  draw();
  return page;
};

/** Returns numbers from first to last, both included, in equal steps. */
focalsharp.range = (first, last, steps) => Array.from({ length: steps + 1 }, (_, i) => first + ((last - first) * i) / steps);
