// Tooltips of charts, enlarged pictures, and the theme switch. The page works without it.
(() => {
  const root = document.documentElement;
  const dark = () => (root.dataset.theme || (matchMedia("(prefers-color-scheme: dark)").matches ? "dark" : "light")) === "dark";
  const toggle = document.querySelector("[data-toggle-theme]");
  if (toggle) {
    const name = () => { toggle.textContent = dark() ? "Light" : "Dark"; };
    toggle.hidden = false;
    toggle.addEventListener("click", () => { root.dataset.theme = dark() ? "light" : "dark"; name(); });
    name();
  }

  const dialog = document.querySelector("dialog");
  for (const button of document.querySelectorAll(".pair button")) {
    button.addEventListener("click", () => {
      const image = button.querySelector("img").cloneNode();
      dialog.replaceChildren(image);
      dialog.showModal();
    });
  }
  if (dialog) dialog.addEventListener("click", () => dialog.close());

  const ns = "http://www.w3.org/2000/svg";
  const round = value => Number(value.toPrecision(4)).toString();
  for (const figure of document.querySelectorAll("figure.chart")) {
    const { x, y, series } = JSON.parse(figure.querySelector("script").textContent);
    if (series.length === 0) continue;
    const svg = figure.querySelector("svg");
    const view = svg.viewBox.baseVal;
    const tip = Object.assign(document.createElement("div"), { className: "tip", hidden: true });
    tip.setAttribute("aria-hidden", "true");
    figure.append(tip);
    const marks = document.createElementNS(ns, "g");
    svg.append(marks);
    const at = (axis, value) => axis[2] + (value - axis[0]) / (axis[1] - axis[0]) * (axis[3] - axis[2]);
    const element = (name, attributes) => {
      const made = document.createElementNS(ns, name);
      for (const key in attributes) made.setAttribute(key, attributes[key]);
      return made;
    };
    const leave = () => { tip.hidden = true; marks.replaceChildren(); };
    const move = event => {
      const bounds = svg.getBoundingClientRect();
      const data = x[0] + ((event.clientX - bounds.left) / bounds.width * view.width - x[2]) / (x[3] - x[2]) * (x[1] - x[0]);
      const near = series.filter(one => one.points.length).map(one => ({
        one, point: one.points.reduce((best, point) => Math.abs(point[0] - data) < Math.abs(best[0] - data) ? point : best)
      }));
      if (near.length === 0) return;
      const px = at(x, near[0].point[0]);
      marks.replaceChildren(element("line", { class: "cursor", x1: px, x2: px, y1: y[2], y2: y[3] }),
        ...near.map(({ one, point }) => element("circle", { class: "spot c" + one.color, r: 4.5, cx: at(x, point[0]), cy: at(y, point[1]) })));
      tip.replaceChildren(...[round(near[0].point[0]), ...near.map(({ one, point }) => one.name + "  " + round(point[1]))].map(text => {
        const line = document.createElement("div");
        line.textContent = text;
        return line;
      }));
      tip.hidden = false;
      const frame = figure.getBoundingClientRect();
      const left = bounds.left - frame.left + px / view.width * bounds.width;
      tip.style.left = Math.min(Math.max(4, left + 12), frame.width - tip.offsetWidth - 4) + "px";
      if (left + 12 + tip.offsetWidth > frame.width) tip.style.left = Math.max(4, left - 12 - tip.offsetWidth) + "px";
      tip.style.top = bounds.top - frame.top + 8 + "px";
    };
    svg.addEventListener("pointermove", move);
    svg.addEventListener("pointerleave", leave);
  }
})();
