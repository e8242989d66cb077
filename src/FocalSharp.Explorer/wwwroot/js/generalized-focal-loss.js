"use strict";
(() => {
  const { gfl } = focalsharp.formulas;
  const grid = focalsharp.range(0.01, 0.99, 196);
  const cells = focalsharp.range(0.02, 0.98, 48);
  const [loss, gradient, heat] = ["loss-plot", "gradient-plot", "heat-plot"].map((id) => document.getElementById(id));
  const control = (id) => document.getElementById(id);
  const descriptions = {
    fl: "Focal Loss: labels 0 and 1, the target is one of them; β is the γ of Focal Loss.",
    qfl: "Quality Focal Loss: labels 0 and 1, the target in between.",
    dfl: "Distribution Focal Loss: two neighboring bins, no modulating factor.",
    gfl: "The general form.",
  };
  const kindOf = ({ yl, yr, y, beta }) => {
    if (yl === 0 && yr === 1 && beta > 0) {
      return y === 0 || y === 1 ? "fl" : "qfl";
    }
    return yr - yl === 1 && beta === 0 ? "dfl" : "gfl";
  };

  // The derivative with respect to the logit: p_r = σ(x), p_l = 1 − σ(x).
  const byLogit = (value, pr) => pr * (1 - pr) * (value.gradientRight - value.gradientLeft);

  let map = null;
  const mapOf = (labels) => {
    const key = Object.values(labels).join();
    if (map?.key !== key) {
      const values = cells.map((pr) => cells.map((pl) => (pl + pr <= 1.041 ? gfl({ pl, pr, ...labels }).loss : null)));
      map = { key, values, max: focalsharp.limit(Math.sqrt(Math.max(...values.flat()))) };
    }
    return map;
  };

  const heatMap = focalsharp.heatMap(heat, {
    tip: ({ x, y, value }) => `pₗ ${x.toFixed(2)}, pᵣ ${y.toFixed(2)}: loss ${value.toFixed(4)}`,
    pick: ({ x, y }) => page.set({ tied: Math.abs(x + y - 1) < 0.011, pl: x, pr: y }),
  });

  const page = focalsharp.lab(({ yl, yr, y, beta, pl, pr }) => {
    const labels = { yl, yr, y, beta };
    const at = (right, exponent) => gfl({ pl: 1 - right, pr: right, ...labels, beta: exponent });
    const curve = grid.map((x) => at(x, beta)), reference = grid.map((x) => at(x, 0));
    const here = gfl({ pl, pr, ...labels });
    const best = (y - yl) / (yr - yl);
    const onLine = Math.abs(pl + pr - 1) < 1e-9;
    const kind = kindOf(labels);
    for (const button of document.querySelectorAll("[data-kind]")) {
      button.setAttribute("aria-pressed", button.dataset.kind === kind);
    }

    const line = (values, name, color, dash, width = 2) =>
      ({ x: grid, y: values, name, mode: "lines", hovertemplate: "%{y:.4f}", line: { color: focalsharp.color(color), width, dash } });
    const dot = (x, value, color) => ({
      x: [x], y: [value], mode: "markers", hoverinfo: "skip",
      marker: { size: 12, color: focalsharp.color(color), line: { color: focalsharp.color("card"), width: 2.5 } },
    });
    const inner = grid.map((x, i) => i).filter((i) => grid[i] > 0.03 && grid[i] < 0.97);
    const top = focalsharp.limit(Math.max(...inner.map((i) => Math.max(curve[i].loss, reference[i].loss))));
    const axis = { title: "pᵣ, probability of the right label", range: [0, 1], dtick: 0.2, hoverformat: ".3f" };
    focalsharp.plot(loss, [
      line(reference.map((v) => v.loss), "β = 0", "c6", "dash"),
      line(curve.map((v) => v.loss), "GFL", "c1", "solid", 3),
      ...(onLine ? [dot(pr, here.loss, "c1")] : []),
      dot(best, best > 0 && best < 1 ? at(best, beta).loss : 0, "c2"),
      focalsharp.upright(best, [-0.03 * top, top], "c2"),
    ], { xaxis: axis, yaxis: { title: "loss", range: [-0.03 * top, top] } });

    const slopes = curve.map((value, i) => byLogit(value, grid[i]));
    const steep = focalsharp.limit(1.4 * Math.max(...slopes.map(Math.abs), 0.2));
    focalsharp.plot(gradient, [
      line(curve.map((v) => v.gradientLeft), "pₗ", "c3", "dash"),
      line(curve.map((v) => v.gradientRight), "pᵣ", "c4", "dashdot"),
      line(slopes, "logit", "c1", "solid", 3),
      ...(onLine ? [dot(pr, byLogit(here, pr), "c1")] : []),
      focalsharp.upright(best, [-steep, steep], "c2"),
    ], { xaxis: axis, yaxis: { title: "derivative", range: [-steep, steep] } });

    const { values, max } = mapOf(labels);
    heatMap.draw({
      x: cells, y: cells, values, max, ticks: [0, 1, 2, 3, 4].map((i) => ((max * i) / 4) ** 2),
      traces: [
        { x: [1, 1, 0, 1], y: [0, 1, 1, 0], mode: "lines", fill: "toself", fillcolor: focalsharp.color("card"), line: { width: 0 } },
        { x: [0.01, 0.99], y: [0.99, 0.01], mode: "lines", line: { color: focalsharp.color("ink"), width: 1.5, dash: "dot" } },
        { x: [1 - best], y: [best], mode: "markers", marker: { size: 12, color: focalsharp.color("c2"), line: { color: "#ffffff", width: 2 } } },
        { x: [pl], y: [pr], mode: "markers", marker: { size: 13, color: "#ffffff", line: { color: "#141d29", width: 2.5 } } },
      ],
      layout: {
        xaxis: { title: "pₗ, probability of the left label", range: [0, 1], dtick: 0.2, showgrid: false, zeroline: false },
        yaxis: { title: "pᵣ", range: [0, 1], dtick: 0.2, showgrid: false, zeroline: false },
      },
    });

    const n = focalsharp.number;
    return {
      values: { ...here, best, kind: descriptions[kind] },
      spoken: `${descriptions[kind]} Loss ${n(here.loss)}, prediction ${n(here.expectation, 2)}, target ${n(y, 2)}.`,
    };
  });

  // Controls depend on each other: the labels stay in order, the target stays between them, the probabilities sum to at most 1.
  const hundredth = (value) => Math.round(value * 100) / 100;
  const settle = (moved) => {
    const { yl, yr, y, pl, pr, tied } = page.state;
    const left = moved === "yr" ? Math.min(yl, yr - 1) : yl;
    const right = moved === "yr" ? yr : Math.max(yr, left + 1);
    const changes = { yl: left, yr: right, y: Math.min(right, Math.max(left, y)) };
    if (moved === "pr") {
      changes.pl = hundredth(tied ? 1 - pr : Math.min(pl, 1 - pr));
    } else {
      changes.pr = hundredth(tied ? 1 - pl : Math.min(pr, 1 - pl));
    }
    set(changes);
    control("y").min = left;
    control("y").max = right;
  };
  const set = page.set;
  page.set = (values) => {
    set(values);
    settle("pr" in values && !("pl" in values) ? "pr" : "");
  };
  for (const id of ["yl", "yr", "y", "pl", "pr", "tied"]) {
    control(id).addEventListener("input", () => {
      set({});
      settle(id);
    });
  }
  settle("");
})();
