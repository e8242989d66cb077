"use strict";
(() => {
  const { qfl } = focalsharp.formulas;
  const grid = focalsharp.range(0.01, 0.99, 196);
  const scores = focalsharp.range(0.01, 0.99, 49), targets = focalsharp.range(0.02, 0.98, 48);
  const [loss, gradient, heat] = ["loss-plot", "gradient-plot", "heat-plot"].map((id) => document.getElementById(id));
  let map = null;

  // The color scale is the square root of the loss, so that small losses can be distinguished; ticks and hover show the loss itself.
  const mapOf = (beta) => {
    if (map?.beta !== beta) {
      const values = targets.map((y) => scores.map((sigma) => qfl({ sigma, y, beta }).loss));
      map = { beta, values, shades: values.map((row) => row.map(Math.sqrt)) };
    }
    return map;
  };

  const page = focalsharp.lab(({ y, beta, sigma }) => {
    const curve = grid.map((s) => qfl({ sigma: s, y, beta })), reference = grid.map((s) => qfl({ sigma: s, y, beta: 0 }));
    const here = qfl({ sigma, y, beta });
    const floor = qfl({ sigma: y, y, beta });
    const line = (values, key, name, dashed) => ({
      x: grid, y: values.map((value) => value[key]), name, mode: "lines", hovertemplate: "%{y:.4f}",
      line: dashed ? { color: focalsharp.color("c6"), width: 2, dash: "dash" } : { color: focalsharp.color("c1"), width: 3 },
    });
    const dot = (x, value, name, size = 12) => ({
      x: [x], y: [value], mode: "markers", hoverinfo: "skip",
      marker: { size, color: focalsharp.color(name), line: { color: focalsharp.color("card"), width: 2.5 } },
    });
    const axis = { title: "σ, predicted score", range: [0, 1], dtick: 0.2, hoverformat: ".3f" };
    const shapes = [focalsharp.rule(y, "c2")];
    focalsharp.plot(loss,
      [line(reference, "loss", "cross-entropy", true), line(curve, "loss", "quality focal loss"), dot(sigma, here.loss, "c1"), dot(y, floor.loss, "c2")],
      { xaxis: axis, yaxis: { title: "loss", range: [-0.12, 4] }, shapes });
    focalsharp.plot(gradient,
      [line(reference, "gradientLogit", "cross-entropy", true), line(curve, "gradientLogit", "quality focal loss"), dot(sigma, here.gradientLogit, "c1")],
      { xaxis: axis, yaxis: { title: "∂QFL/∂x", range: [-1.4, 1.4] }, shapes });

    const { values, shades } = mapOf(beta);
    const marks = [0, 0.1, 0.5, 1, 2, 4];
    focalsharp.plot(heat, [
      {
        type: "heatmap", x: scores, y: targets, z: shades, customdata: values, colorscale: "Cividis", zmin: 0, zmax: Math.sqrt(4.6), zsmooth: "best",
        hovertemplate: "σ %{x:.2f}, y %{y:.2f}<br>loss %{customdata:.4f}<extra></extra>",
        colorbar: {
          thickness: 12, outlinewidth: 0, tickvals: marks.map(Math.sqrt), ticktext: marks.map(String), len: 1, x: 1.02,
          title: { text: "loss", side: "right" }, tickfont: { color: focalsharp.color("soft") },
        },
      },
      { x: [0.02, 0.98], y: [0.02, 0.98], mode: "lines", hoverinfo: "skip", line: { color: "#ffffff", width: 1.5, dash: "dot" } },
      { x: [0.01, 0.99], y: [y, y], mode: "lines", hoverinfo: "skip", line: { color: "#ff9d66", width: 2 } },
      { x: [sigma], y: [y], mode: "markers", hoverinfo: "skip", marker: { size: 13, color: "#ffffff", line: { color: "#141d29", width: 2.5 } } },
    ], {
      hovermode: "closest", margin: { l: 56, r: 66, t: 14, b: 46 },
      xaxis: { ...axis, range: [0.01, 0.99], showgrid: false }, yaxis: { title: "y, target", range: [0.02, 0.98], dtick: 0.2, showgrid: false },
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

  heat.on("plotly_click", ({ points: [point] }) => page.set({ sigma: point.x, y: point.y }));
})();
