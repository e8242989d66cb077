"use strict";
/*
 * The image with its boxes. Every edge shows its uncertainty: a band with the density of a normal distribution, and a whisker of ± σ. The edges
 * of the selected box show the predicted distribution instead, bin by bin. Line widths do not depend on the zoom.
 */
focalsharp.stage = (root, choose) => {
  const make = focalsharp.element;
  const image = root.querySelector("img"), drawing = root.querySelector("svg");
  const measure = document.createElement("canvas").getContext("2d");
  measure.font = '600 12px -apple-system, BlinkMacSystemFont, Inter, "Segoe UI", Roboto, "Liberation Sans", Arial, sans-serif';
  const reach = 2.5;
  let unit = 1; // image pixels per screen pixel

  const gradient = (color, axis) => {
    const id = `soft-${axis}-${color.slice(1)}`;
    const stops = Array.from({ length: 11 }, (_, i) => {
      const z = (i / 10 - 0.5) * 2 * reach;
      return make("stop", { offset: i / 10, "stop-color": color, "stop-opacity": (0.62 * Math.exp(-z * z / 2)).toFixed(3) });
    });
    return make("linearGradient", { id, x1: 0, y1: 0, x2: axis === "x" ? 1 : 0, y2: axis === "x" ? 0 : 1 }, ...stops);
  };

  // A strip along an edge: it extends in x for left and right edges, in y for top and bottom.
  const strip = (box, side, from, to, attributes) => {
    const [low, high] = [Math.min(from, to), Math.max(from, to)];
    return side % 2 === 0
      ? make("rect", { x: low, y: box[1], width: high - low, height: Math.max(box[3] - box[1], 0), ...attributes })
      : make("rect", { x: box[0], y: low, width: Math.max(box[2] - box[0], 0), height: high - low, ...attributes });
  };

  const soft = (candidate, color) => candidate.deviation.map((deviation, side) => {
    const spread = reach * Math.max(deviation, 0.4 * unit);
    const at = candidate.box[side];
    return strip(candidate.box, side, at - spread, at + spread, { fill: `url(#soft-${side % 2 === 0 ? "x" : "y"}-${color.slice(1)})` });
  });

  const distribution = (candidate, color) => candidate.distributions.flatMap((bins, side) => {
    const max = Math.max(...bins);
    const step = side < 2 ? -candidate.bin[side] : candidate.bin[side];
    return bins.map((probability, i) => probability < 0.01 * max ? null : strip(
      candidate.box, side, candidate.origin[side] + (i - 0.5) * step, candidate.origin[side] + (i + 0.5) * step,
      { fill: color, "fill-opacity": (0.62 * probability / max).toFixed(3) }));
  }).filter(Boolean);

  const whiskers = (candidate) => candidate.deviation.flatMap((deviation, side) => {
    const [x1, y1, x2, y2] = candidate.box;
    const cap = 4 * unit, at = candidate.box[side], upright = side % 2 === 1;
    const middle = upright ? (x1 + x2) / 2 : (y1 + y2) / 2;
    const bar = (a1, b1, a2, b2) => upright ? `M${b1} ${a1}L${b2} ${a2}` : `M${a1} ${b1}L${a2} ${b2}`;
    const path = bar(at - deviation, middle, at + deviation, middle)
      + bar(at - deviation, middle - cap, at - deviation, middle + cap) + bar(at + deviation, middle - cap, at + deviation, middle + cap);
    return [make("path", { d: path, class: "whisker-back" }), make("path", { d: path, class: "whisker" })];
  });

  const tag = (box, text, color, hollow) => {
    const width = (measure.measureText(text).width + 12) * unit, height = 19 * unit;
    const [, , imageWidth] = drawing.getAttribute("viewBox").split(" ").map(Number);
    const x = Math.max(0, Math.min(box[0] - unit, imageWidth - width));
    const y = box[1] - height - 2 * unit >= 0 ? box[1] - height - 2 * unit : Math.min(box[1] + 2 * unit, box[3]);
    return make("g", { class: hollow ? "box-tag hollow" : "box-tag" },
      make("rect", { x, y, width, height, rx: 4 * unit, fill: hollow ? "#fff" : color, stroke: hollow ? color : "none" }),
      make("text", { x: x + 6 * unit, y: y + 13.5 * unit, "font-size": 12 * unit, fill: hollow ? "#141d29" : onColor(color) }, text));
  };

  const onColor = (color) => {
    const [r, g, b] = [1, 3, 5].map((i) => parseInt(color.slice(i, i + 2), 16) / 255).map((v) => (v <= 0.04045 ? v / 12.92 : ((v + 0.055) / 1.055) ** 2.4));
    return 0.2126 * r + 0.7152 * g + 0.0722 * b > 0.26 ? "#10131a" : "#fff";
  };

  const outline = (box, attributes) => make("rect", {
    x: box[0], y: box[1], width: Math.max(box[2] - box[0], 0), height: Math.max(box[3] - box[1], 0), ...attributes });

  const group = (answer, index, state) => {
    const candidate = answer.candidates[index], color = answer.classes[candidate.label].color;
    const chosen = index === state.selected;
    const parts = [];
    if (state.edges === "soft") {
      parts.push(...(chosen && candidate.distributions ? distribution(candidate, color) : soft(candidate, color)));
    }
    parts.push(outline(candidate.box, { class: "outline-back" }), outline(candidate.box, { class: "outline", stroke: color }));
    if (state.edges !== "none") {
      parts.push(...whiskers(candidate));
    }
    parts.push(tag(candidate.box, `${answer.classes[candidate.label].name} ${candidate.score.toFixed(2)}`, color, false));
    return make("g", { class: chosen ? "found chosen" : "found", "data-index": index }, ...parts);
  };

  return {
    /** Shows an image; resolves when it is loaded. */
    load: (source, name) => new Promise((resolve, reject) => {
      image.onload = () => resolve();
      image.onerror = () => reject(new Error("The browser cannot show this image."));
      image.src = source;
      image.alt = `The image ${name}`;
      root.hidden = false;
    }),

    /** Draws a state: shown (indices, highest score first), selected, edges, truth. */
    draw: (answer, state) => {
      drawing.setAttribute("viewBox", `0 0 ${answer.width} ${answer.height}`);
      root.style.setProperty("--ratio", (answer.width / answer.height).toFixed(5));
      unit = answer.width / Math.max(1, root.clientWidth);
      drawing.classList.toggle("choosing", state.selected !== null);
      const used = new Set(state.shown.map((index) => answer.classes[answer.candidates[index].label].color));
      const order = [...state.shown].reverse();
      if (state.selected !== null) {
        order.push(...order.splice(order.indexOf(state.selected), 1));
      }
      const bySize = [...state.shown].sort((a, b) => size(answer.candidates[b].box) - size(answer.candidates[a].box));
      drawing.replaceChildren(
        make("defs", {}, ...[...used].flatMap((color) => [gradient(color, "x"), gradient(color, "y")])),
        ...order.map((index) => group(answer, index, state)),
        ...(state.truth && answer.truth ? answer.truth : []).map((truth) => make("g", { class: "truth" },
          outline(truth.box, { class: "truth-back" }), outline(truth.box, { class: "truth-line" }),
          state.missed.has(truth) ? tag(truth.box, `missed: ${truth.name}`, "#141d29", true) : null)),
        ...state.marks.map((mark) => make("g", { class: "mark" }, outline(grow(mark.box, 3 * unit), { class: "mark-back" }), outline(grow(mark.box, 3 * unit), { class: "mark-line" }))),
        ...bySize.map((index) => outline(answer.candidates[index].box, { class: "hit", onclick: () => choose(index) })));
    },
  };

  function grow(box, by) {
    return [box[0] - by, box[1] - by, box[2] + by, box[3] + by];
  }

  function size(box) {
    return (box[2] - box[0]) * (box[3] - box[1]);
  }
};
