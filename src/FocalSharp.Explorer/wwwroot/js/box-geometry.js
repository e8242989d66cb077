"use strict";
(() => {
  const WIDTH = 400, HEIGHT = 220, MIN_SIZE = 8;
  const { box } = focalsharp.formulas;
  const measures = { iou: "IoU", giou: "GIoU", diou: "DIoU", ciou: "CIoU" };
  const styles = { iou: ["c6", "solid"], giou: ["c1", "solid"], diou: ["c2", "dash"], ciou: ["c3", "dashdot"] };
  const edges = ["left", "top", "right", "bottom"];
  const initial = { predicted: [150, 40, 270, 140], target: [90, 70, 230, 190] };
  const stage = document.querySelector(".stage"), table = document.getElementById("measures");
  const [lossPlot, gradientPlot] = ["loss-plot", "gradient-plot"].map((id) => document.getElementById(id));
  const make = (name, attributes, parent) => {
    const element = document.createElementNS("http://www.w3.org/2000/svg", name);
    for (const [key, value] of Object.entries(attributes)) {
      element.setAttribute(key, value);
    }
    parent.append(element);
    return element;
  };

  // Clamps a box to the stage with a minimum size; falls back to the initial box if the URL is invalid.
  const normalize = (name, text) => {
    const given = text.split(",").map(Number);
    if (given.length !== 4 || !given.every(Number.isFinite)) {
      return initial[name].slice();
    }
    const side = (low, high, max) => {
      const first = Math.min(Math.max(low, 0), max - MIN_SIZE);
      return [first, Math.min(Math.max(high, first + MIN_SIZE), max)];
    };
    const [x1, x2] = side(given[0], given[2], WIDTH), [y1, y2] = side(given[1], given[3], HEIGHT);
    return [x1, y1, x2, y2];
  };
  const boxes = () => ({ predicted: normalize("predicted", page.state.predicted), target: normalize("target", page.state.target) });
  const put = (name, edgesNow) => page.set({ [name]: normalize(name, edgesNow.join()).map((v) => Number(v.toFixed(3))).join() });

  // The drawing: enclosing box, intersection, line between centers, then both boxes with a body and four draggable edges.
  const hull = make("rect", { class: "hull" }, stage), shared = make("rect", { class: "shared" }, stage);
  const centers = make("line", { class: "centers" }, stage);
  const parts = {};
  for (const [name, color, title] of [["target", "kc2", "Target"], ["predicted", "kc1", "Predicted"]]) {
    const group = make("g", { class: `${name} ${color}` }, stage);
    const slider = (element, label, max) => {
      element.setAttribute("role", "slider");
      element.setAttribute("tabindex", "0");
      element.setAttribute("aria-label", label);
      element.setAttribute("aria-valuemin", 0);
      element.setAttribute("aria-valuemax", max);
      return element;
    };
    const body = slider(make("rect", { class: "body" }, group), `${title} box`, WIDTH);
    const label = make("text", {}, group);
    label.textContent = title.toLowerCase();
    const sides = edges.map((edge, i) => ({
      hit: slider(make("rect", { class: `hit ${i % 2 ? "y" : "x"}` }, group), `${title} box, ${edge} edge`, i % 2 ? HEIGHT : WIDTH),
      grip: make("circle", { class: "grip" }, group),
    }));
    parts[name] = { body, label, sides };
  }
  const arrows = edges.map(() => make("path", { class: "arrow" }, stage));

  const place = (rect, [x1, y1, x2, y2]) => {
    for (const [key, value] of Object.entries({ x: x1, y: y1, width: Math.max(0, x2 - x1), height: Math.max(0, y2 - y1) })) {
      rect.setAttribute(key, value);
    }
  };
  const drawBox = (name, b, unit) => {
    const { body, label, sides } = parts[name];
    const [x1, y1, x2, y2] = b, round = b.map(Math.round);
    const middle = [(x1 + x2) / 2, (y1 + y2) / 2];
    place(body, b);
    body.setAttribute("aria-valuenow", round[0]);
    body.setAttribute("aria-valuetext", `from ${round[0]}, ${round[1]} to ${round[2]}, ${round[3]}`);
    label.setAttribute("x", x1 + 9 * unit);
    label.setAttribute("y", name === "target" ? y2 - 10 * unit : y1 + 20 * unit);
    sides.forEach(({ hit, grip }, i) => {
      const reach = Math.min(14 * unit, (i % 2 ? y2 - y1 : x2 - x1) / 3);
      const along = i % 2 ? [x1 + reach, b[i] - reach, x2 - reach, b[i] + reach] : [b[i] - reach, y1 + reach, b[i] + reach, y2 - reach];
      place(hit, along);
      hit.setAttribute("aria-valuenow", round[i]);
      hit.setAttribute("aria-valuetext", `${round[i]} of ${i % 2 ? HEIGHT : WIDTH}`);
      grip.setAttribute("cx", i % 2 ? middle[0] : b[i]);
      grip.setAttribute("cy", i % 2 ? b[i] : middle[1]);
    });
  };
  const drawArrows = (b, gradient) => {
    const strongest = Math.max(...gradient.map(Math.abs));
    arrows.forEach((arrow, i) => {
      const length = strongest === 0 ? 0 : (-gradient[i] / strongest) * 34;
      const middle = i % 2 ? (b[0] + b[2]) / 2 : (b[1] + b[3]) / 2;
      const head = Math.sign(length) * Math.min(6, Math.abs(length) / 2);
      const to = b[i] + length;
      arrow.setAttribute("d", Math.abs(length) < 2 ? "" : i % 2
        ? `M${middle} ${b[i]}V${to}M${middle - 4} ${to - head}L${middle} ${to}L${middle + 4} ${to - head}`
        : `M${b[i]} ${middle}H${to}M${to - head} ${middle - 4}L${to} ${middle}L${to - head} ${middle + 4}`);
    });
  };

  const rows = [["measure", (m) => m.value], ["loss", (m) => m.loss], ...["x₁", "y₁", "x₂", "y₂"].map((name, i) => [`∂/∂${name}`, (m) => m.gradient[i]])];
  const fill = (values, chosen) => {
    table.replaceChildren(...rows.map(([title, pick], row) => {
      const line = document.createElement("tr");
      const head = document.createElement("th");
      head.scope = "row";
      head.textContent = title;
      line.append(head, ...Object.keys(measures).map((key) => {
        const cell = document.createElement("td");
        cell.textContent = focalsharp.number(pick(values[key]));
        cell.dataset.exact = pick(values[key]);
        cell.dataset.cell = `${key}-${["value", "loss", "x1", "y1", "x2", "y2"][row]}`;
        cell.className = key === chosen ? "chosen" : "";
        return cell;
      }));
      return line;
    }));
    for (const head of document.querySelectorAll("[data-column]")) {
      head.className = head.dataset.column === chosen ? "chosen" : "";
    }
  };

  const page = focalsharp.lab((state) => {
    const predicted = normalize("predicted", state.predicted), target = normalize("target", state.target);
    const values = box({ predicted, target }), chosen = values[state.measure];
    const low = (i) => Math.max(predicted[i], target[i]), high = (i) => Math.min(predicted[i], target[i]);
    const inner = [low(0), low(1), high(2), high(3)], outer = [high(0), high(1), low(2), low(3)];
    const area = ([x1, y1, x2, y2]) => Math.max(0, x2 - x1) * Math.max(0, y2 - y1);
    const middle = (b) => [(b[0] + b[2]) / 2, (b[1] + b[3]) / 2];
    const [a, b] = [middle(predicted), middle(target)];
    const unit = WIDTH / stage.clientWidth; // drawing units per screen pixel
    stage.style.setProperty("--unit", unit);
    place(hull, outer);
    place(shared, inner);
    for (const [key, value] of Object.entries({ x1: a[0], y1: a[1], x2: b[0], y2: b[1] })) {
      centers.setAttribute(key, value);
    }
    drawBox("target", target, unit);
    drawBox("predicted", predicted, unit);
    drawArrows(predicted, chosen.gradient);
    fill(values, state.measure);

    const shifts = focalsharp.range(-200, 200, 160);
    const shifted = shifts.map((s) => box({ predicted: [predicted[0] + s, predicted[1], predicted[2] + s, predicted[3]], target }));
    // DIoU last, dashed above CIoU, with which it often coincides.
    const lines = (pick, format) => ["iou", "giou", "ciou", "diou"].map((key) => ({
      x: shifts, y: shifted.map((value) => pick(value[key])), name: measures[key], mode: "lines", hovertemplate: format,
      line: { color: focalsharp.color(styles[key][0]), dash: styles[key][1], width: key === state.measure ? 3.5 : 2 },
    }));
    const x = { title: "shift to the right (px)", range: [-200, 200], dtick: 100, hoverformat: ".0f" };
    const shapes = [focalsharp.rule(0, "ink")];
    const horizontal = (m) => 100 * (m.gradient[0] + m.gradient[2]);
    focalsharp.plot(lossPlot, lines((m) => m.loss, "%{y:.4f}"), { xaxis: x, yaxis: { title: "loss", range: [-0.05, 2.05] }, shapes });
    const slopes = lines(horizontal, "%{y:.4f}");
    const steep = focalsharp.limit(1.1 * Math.max(0.1, ...slopes.flatMap(({ y }) => y.map(Math.abs))));
    focalsharp.plot(gradientPlot, slopes, { xaxis: x, yaxis: { title: "∂loss/∂shift · 100", range: [-steep, steep] }, shapes });

    const n = focalsharp.number, inter = area(inner);
    return {
      values: {
        name: measures[state.measure], value: chosen.value, loss: chosen.loss,
        intersection: `${inter.toFixed(0)} px²`, union: `${(area(predicted) + area(target) - inter).toFixed(0)} px²`,
        hull: `${area(outer).toFixed(0)} px²`, distance: `${Math.hypot(a[0] - b[0], a[1] - b[1]).toFixed(1)} px`,
      },
      spoken: Object.keys(measures).map((key) => `${measures[key]} ${n(values[key].value, 3)}`).join(", "),
    };
  });

  new ResizeObserver(page.refresh).observe(stage);

  // Moves an edge (`which` is its index) or the whole box (null), which keeps its size at the border of the stage.
  const move = (name, which, dx, dy, from = boxes()[name]) => {
    const b = from.slice();
    if (which === null) {
      const sx = Math.min(WIDTH - b[2], Math.max(-b[0], dx)), sy = Math.min(HEIGHT - b[3], Math.max(-b[1], dy));
      put(name, [b[0] + sx, b[1] + sy, b[2] + sx, b[3] + sy]);
      return;
    }
    b[which] += which % 2 ? dy : dx;
    b[which] = which < 2 ? Math.min(b[which], b[which + 2] - MIN_SIZE) : Math.max(b[which], b[which - 2] + MIN_SIZE);
    put(name, b);
  };
  const keys = { ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, -1], ArrowDown: [0, 1] };
  for (const [name, { body, sides }] of Object.entries(parts)) {
    for (const [element, which] of [[body, null], ...sides.map(({ hit }, i) => [hit, i])]) {
      let drag = null;
      const where = (event) => {
        const frame = stage.getBoundingClientRect();
        return [((event.clientX - frame.left) / frame.width) * WIDTH, ((event.clientY - frame.top) / frame.height) * HEIGHT];
      };
      element.addEventListener("pointerdown", (event) => {
        event.preventDefault();
        descent.stop();
        element.focus({ preventScroll: true, focusVisible: false });
        element.setPointerCapture(event.pointerId);
        drag = { at: where(event), from: boxes()[name] };
      });
      element.addEventListener("pointermove", (event) => {
        if (drag) {
          const [x, y] = where(event);
          move(name, which, x - drag.at[0], y - drag.at[1], drag.from);
        }
      });
      for (const end of ["pointerup", "pointercancel"]) {
        element.addEventListener(end, () => { drag = null; });
      }
      element.addEventListener("keydown", (event) => {
        if (event.key in keys) {
          // An edge also reacts to the other pair of arrow keys, like any slider.
          const [dx, dy] = keys[event.key], step = event.shiftKey ? 10 : 2;
          const along = (dx + dy * (which !== null && which % 2 === 0 ? -1 : 1)) * step;
          event.preventDefault();
          descent.stop();
          move(name, which, which === null ? dx * step : along, which === null ? dy * step : (dx ? dx * step : dy * step));
        }
      });
    }
  }

  const advance = () => {
    const { predicted, target } = boxes(), { rate, measure } = page.state;
    const { gradient, loss } = box({ predicted, target })[measure];
    const next = normalize("predicted", predicted.map((edge, i) => edge - rate * gradient[i]).join());
    if (loss < 0.01 || next.every((edge, i) => Math.abs(edge - predicted[i]) < 0.01)) {
      return false;
    }
    put("predicted", next);
    return true;
  };
  const descent = focalsharp.descent(document.getElementById("descend"), {
    advance,
    maxSteps: 1200,
    perFrame: 3,
    ended: (steps) => page.speak(steps === 0 ? "The gradient is zero, so the box does not move." : `After ${steps} steps: ${document.querySelector('dd[data-value="value"]').textContent}.`, 800),
  });
  document.getElementById("step").addEventListener("click", advance);
})();
