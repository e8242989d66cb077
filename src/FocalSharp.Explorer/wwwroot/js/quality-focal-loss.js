"use strict";
(() => {
  const { qfl } = focalsharp.formulas;
  const grid = focalsharp.range(0.01, 0.99, 196);
  const scores = focalsharp.range(0.01, 0.99, 49), targets = focalsharp.range(0.02, 0.98, 48);
  const [loss, gradient, heat] = ["loss-plot", "gradient-plot", "heat-plot"].map((id) => document.getElementById(id));
  let map = null;

  const mapOf = (beta) => {
    if (map?.beta !== beta) {
      map = { beta, values: targets.map((y) => scores.map((sigma) => qfl({ sigma, y, beta }).loss)) };
    }
    return map.values;
  };
  const heatMap = focalsharp.heatMap(heat, {
    tip: ({ x, y, value }) => `σ ${x.toFixed(2)}, y ${y.toFixed(2)}: loss ${value.toFixed(4)}`,
    pick: ({ x, y }) => page.set({ sigma: x, y }),
  });

  const page = focalsharp.lab(({ y, beta, sigma }, { former }) => {
    const curve = grid.map((s) => qfl({ sigma: s, y, beta })), reference = grid.map((s) => qfl({ sigma: s, y, beta: 0 }));
    const here = qfl({ sigma, y, beta });
    const floor = qfl({ sigma: y, y, beta });
    const before = former && (former.y !== y || former.beta !== beta) ? grid.map((s) => qfl({ sigma: s, y: former.y, beta: former.beta })) : null;
    const ghost = (key) => focalsharp.ghost(grid, before?.map((value) => value[key]));
    const line = (values, key, name, dashed) => ({
      x: grid, y: values.map((value) => value[key]), name, mode: "lines", hovertemplate: "%{y:.4f}",
      line: dashed ? { color: focalsharp.color("c6"), width: 2, dash: "dash" } : { color: focalsharp.color("c1"), width: 3 },
    });
    const dot = (x, value, name, size = 12) => ({
      x: [x], y: [value], mode: "markers", hoverinfo: "skip",
      marker: { size, color: focalsharp.color(name), line: { color: focalsharp.color("card"), width: 2.5 } },
    });
    const axis = { title: "σ, predicted score", range: [0, 1], dtick: 0.2, hoverformat: ".3f" };
    focalsharp.plot(loss,
      [line(reference, "loss", "cross-entropy", true), line(curve, "loss", "quality focal loss"), dot(sigma, here.loss, "c1"), dot(y, floor.loss, "c2"), focalsharp.upright(y, [-0.12, 4], "c2"), ghost("loss")],
      { xaxis: axis, yaxis: { title: "loss", range: [-0.12, 4] } });
    focalsharp.plot(gradient,
      [line(reference, "gradientLogit", "cross-entropy", true), line(curve, "gradientLogit", "quality focal loss"), dot(sigma, here.gradientLogit, "c1"), focalsharp.upright(y, [-1.4, 1.4], "c2"), ghost("gradientLogit")],
      { xaxis: axis, yaxis: { title: "∂QFL/∂x", range: [-1.4, 1.4] } });

    heatMap.draw({
      x: scores, y: targets, values: mapOf(beta), max: Math.sqrt(4.6), ticks: [0, 0.1, 0.5, 1, 2, 4],
      traces: [
        { x: [0.02, 0.98], y: [0.02, 0.98], mode: "lines", line: { color: "#ffffff", width: 1.5, dash: "dot" } },
        { x: [0.01, 0.99], y: [y, y], mode: "lines", line: { color: "#ff9d66", width: 2 } },
        { x: [sigma], y: [y], mode: "markers", marker: { size: 13, color: "#ffffff", line: { color: "#141d29", width: 2.5 } } },
      ],
      layout: { xaxis: { ...axis, range: [0.01, 0.99], showgrid: false }, yaxis: { title: "y, target", range: [0.02, 0.98], dtick: 0.2, showgrid: false } },
    });

    const n = focalsharp.number;
    return {
      values: {
        ...here,
        factor: Math.abs(y - sigma) ** beta,
        floor: floor.crossEntropy,
        worked: `QFL = −|${y.toFixed(2)} − ${sigma.toFixed(2)}|^${beta.toFixed(1)} · (${(1 - y).toFixed(2)} ln ${(1 - sigma).toFixed(2)} + ${y.toFixed(2)} ln ${sigma.toFixed(2)}) = ${n(here.loss)}`,
      },
      spoken: `At score ${sigma.toFixed(2)} and target ${y.toFixed(2)}: quality focal loss ${n(here.loss)}, cross-entropy ${n(here.crossEntropy)}, gradient with respect to the logit ${n(here.gradientLogit)}.`,
    };
  });
})();
