"use strict";
(() => {
  const { fl } = focalsharp.formulas;
  const grid = focalsharp.range(0.01, 0.98, 194);
  const loss = document.getElementById("loss-plot"), gradient = document.getElementById("gradient-plot");

  focalsharp.lab(({ branch, gamma, p, weighted, alpha, by }, { former }) => {
    const y = branch === "positive" ? 1 : 0;
    const at = (probability) => fl({ p: probability, y, gamma, alpha: weighted ? alpha : null });
    const curve = grid.map(at), reference = grid.map((x) => fl({ p: x, y, gamma: 0 }));
    const here = at(p);
    const before = former && former.gamma !== gamma ? grid.map((x) => fl({ p: x, y, gamma: former.gamma, alpha: weighted ? alpha : null })) : null;
    const ghost = (key) => focalsharp.ghost(grid, before?.map((value) => value[key]));
    const slope = by === "logit" ? "gradientLogit" : "gradientProbability";
    document.getElementById("alpha").disabled = !weighted;

    const line = (values, key, name, dashed) => ({
      x: grid, y: values.map((value) => value[key]), name, mode: "lines", hovertemplate: "%{y:.4f}",
      line: dashed ? { color: focalsharp.color("c6"), width: 2, dash: "dash" } : { color: focalsharp.color("c1"), width: 3 },
    });
    const spot = (key) => ({
      x: [p], y: [here[key]], mode: "markers", hoverinfo: "skip", name: "p",
      marker: { size: 12, color: focalsharp.color("c1"), line: { color: focalsharp.color("card"), width: 2.5 } },
    });
    const x = { title: "p, predicted probability", range: [0, 1], dtick: 0.2, hoverformat: ".3f" };
    const sign = y === 1 ? -1 : 1;
    const slopes = by === "logit" ? [-0.08, 1.45] : [-0.4, 8];
    focalsharp.plot(loss, [line(reference, "loss", "cross-entropy", true), line(curve, "loss", "focal loss"), spot("loss"), ghost("loss")],
      { xaxis: x, yaxis: { title: "loss", range: [-0.15, 5] } });
    focalsharp.plot(gradient, [line(reference, slope, "cross-entropy", true), line(curve, slope, "focal loss"), spot(slope), ghost(slope)],
      { xaxis: x, yaxis: { title: by === "logit" ? "∂FL/∂x" : "∂FL/∂p", range: sign > 0 ? slopes : [-slopes[1], -slopes[0]] } });

    const right = y === 1 ? p : 1 - p;
    const n = focalsharp.number;
    const ratio = here.crossEntropy / here.loss;
    return {
      values: {
        ...here,
        factor: `${ratio >= 100 ? ratio.toFixed(0) : ratio.toPrecision(3)} ×`,
        worked: `FL = −${weighted ? `${n(y ? alpha : 1 - alpha, 2)} · ` : ""}(1 − ${right.toFixed(2)})^${gamma.toFixed(1)} · ln ${right.toFixed(2)} = ${n(here.loss)}`,
      },
      spoken: `At p ${p.toFixed(2)} and gamma ${gamma.toFixed(1)}: focal loss ${n(here.loss)}, cross-entropy ${n(here.crossEntropy)}, gradient ${n(here[slope])}.`,
    };
  });
})();
