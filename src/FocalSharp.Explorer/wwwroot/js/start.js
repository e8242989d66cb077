"use strict";
/* The drawings of the start page, with the formulas of the other pages. */
(() => {
  const { fl, qfl, dfl, gfl, box } = focalsharp.formulas;
  const draw = (name, attributes, parent) => {
    const element = document.createElementNS("http://www.w3.org/2000/svg", name);
    for (const [key, value] of Object.entries(attributes)) {
      element.setAttribute(key, value);
    }
    parent.append(element);
  };
  const grid = Array.from({ length: 97 }, (_, i) => 0.02 + i * 0.01);
  const path = (values, top) => values.map((value, i) => `${i ? "L" : "M"}${(grid[i] * 100).toFixed(1)} ${Math.max(-5, 96 - (90 * value) / top).toFixed(2)}`).join("");
  const shades = (name, at) => {
    const values = dfl({ logits: focalsharp.shapes.make(name, 16, at), y: at }).probabilities;
    return { values, max: Math.max(...values) };
  };
  const sparks = {
    fl: [[grid.map((p) => fl({ p, gamma: 0 }).loss), 4, "ref"], [grid.map((p) => fl({ p, gamma: 2 }).loss), 4, ""]],
    qfl: [[grid.map((sigma) => qfl({ sigma, y: 0.7, beta: 0 }).loss), 2.4, "ref"], [grid.map((sigma) => qfl({ sigma, y: 0.7, beta: 2 }).loss), 1.3, ""]],
    gfl: [
      [grid.map((pr) => gfl({ pl: 1 - pr, pr, y: 1, beta: 2 }).loss), 2.6, "ref"],
      [grid.map((pr) => gfl({ pl: 1 - pr, pr, y: 0.6, beta: 2 }).loss), 1.2, ""],
      [grid.map((pr) => gfl({ pl: 1 - pr, pr, yl: 3, yr: 4, y: 3.3, beta: 0 }).loss), 2.4, "alt"],
    ],
    box: ["iou", "giou"].map((key, i) => [
      grid.map((x) => box({ predicted: [x * 400, 60, x * 400 + 90, 150], target: [150, 50, 260, 160] })[key].loss), 1.75, i ? "" : "ref",
    ]),
  };
  for (const [name, lines] of Object.entries(sparks)) {
    for (const [values, top, kind] of lines) {
      draw("path", { d: path(values, top), class: kind }, document.querySelector(`[data-spark="${name}"]`));
    }
  }
  const { values, max } = shades("wide", 6.3);
  values.forEach((value, k) => draw("rect", {
    x: 3 + k * 5.6, y: 96 - (86 * value) / max, width: 4.2, height: (86 * value) / max, class: k === 6 || k === 7 ? "near" : "",
  }, document.querySelector('[data-spark="dfl"]')));

  // The box: an edge is drawn at each of its 17 distances, with the probability of the distance as its opacity.
  const picture = document.querySelector(".belief"), center = [230, 196], bin = 11;
  const sides = [["left", "sharp", 13, -1, 0], ["top", "sharp", 7, 0, -1], ["right", "bimodal", 9, 1, 0], ["bottom", "sharp", 7, 0, 1]];
  const ends = { left: 230 - 13 * bin, right: 230 + 9 * bin, top: 196 - 7 * bin, bottom: 196 + 7 * bin };
  for (const [name, shape, at, dx, dy] of sides) {
    const distribution = shades(shape, at);
    const group = document.createElementNS("http://www.w3.org/2000/svg", "g");
    group.setAttribute("class", name);
    picture.append(group);
    distribution.values.forEach((value, k) => {
      const strength = value / distribution.max;
      const x = center[0] + dx * k * bin, y = center[1] + dy * k * bin;
      if (strength > 0.03) {
        const span = dx ? { x1: x, x2: x, y1: ends.top, y2: ends.bottom } : { x1: ends.left, x2: ends.right, y1: y, y2: y };
        draw("line", { ...span, opacity: strength.toFixed(3) }, group);
      }
      if (name === "right") {
        draw("rect", { class: "bin", x: x - 4, y: 86 - 62 * strength, width: 8, height: 62 * strength, rx: 1.5 }, group);
      }
    });
  }
  draw("line", { class: "base", x1: center[0] - 6, x2: center[0] + 16 * bin + 6, y1: 86.5, y2: 86.5 }, picture);
})();
