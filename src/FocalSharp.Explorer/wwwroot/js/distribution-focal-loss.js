"use strict";
(() => {
  const LIMIT = 8, SIDE = 0.6, MARGIN = { l: 56, r: 14, t: 10, b: 34 };
  const { dfl } = focalsharp.formulas;
  const { shapes } = focalsharp;
  const [logitPlot, softmaxPlot, gradientPlot] = ["logit-plot", "softmax-plot", "gradient-plot"].map((id) => document.getElementById(id));
  const bars = document.querySelector(".bars"), target = document.getElementById("y");
  const clamp = (value) => Math.min(LIMIT, Math.max(-LIMIT, value));
  const text = (logits) => logits.map((x) => Number(x.toPrecision(9))).join(",");
  let focused = 0;

  // Invalid logits in the URL fall back to the initial shape.
  const logitsOf = ({ logits, n }) => {
    const given = logits === "" ? [] : logits.split(",").map(Number);
    return given.length === n + 1 && given.every(Number.isFinite) ? given.map(clamp) : shapes.make("wide", n, Math.min(6.3, 0.4 * n));
  };

  const page = focalsharp.lab((state) => {
    const { n } = state;
    target.max = n;
    const y = Math.min(state.y, n);
    const logits = logitsOf(state);
    const value = dfl({ logits, y });
    const left = Math.min(Math.trunc(y), n - 1);
    const ideal = logits.map((_, k) => (k === left ? left + 1 - y : k === left + 1 ? y - left : 0));
    const bins = logits.map((_, k) => k);
    const near = (k) => k === left || k === left + 1;
    const snap = (max) => [0.26, 0.52, 1.04].find((top) => max <= top) ?? 1.04;
    const x = { range: [-SIDE, n + SIDE], dtick: n > 12 ? 2 : 1, showgrid: false, zeroline: false };
    const mark = (range) => focalsharp.upright(y, range, "c2", "dash");
    const logitRange = [-LIMIT - 0.4, LIMIT + 0.4], shares = [0, snap(Math.max(...value.probabilities, ...ideal))];

    focalsharp.plot(logitPlot, [{
      type: "bar", x: bins, y: logits, marker: { color: focalsharp.color("c1"), opacity: bins.map((k) => (near(k) ? 1 : 0.5)) }, width: 0.78,
      hovertemplate: "bin %{x}: %{y:.3f}<extra></extra>",
    }, mark(logitRange)], { margin: { ...MARGIN, b: 24 }, hovermode: "x", xaxis: x, yaxis: { title: "logit", range: logitRange, dtick: 4 } });

    focalsharp.plot(softmaxPlot, [
      {
        type: "bar", x: bins, y: value.probabilities, marker: { color: focalsharp.color("c1"), opacity: bins.map((k) => (near(k) ? 1 : 0.5)) }, width: 0.78,
        hovertemplate: "bin %{x}: S = %{y:.4f}<extra></extra>",
      },
      {
        x: [left, left + 1], y: [ideal[left], ideal[left + 1]], mode: "markers", hovertemplate: "bin %{x}: optimum %{y:.3f}<extra></extra>",
        marker: { size: 11, color: focalsharp.color("c2"), line: { color: focalsharp.color("card"), width: 2 } },
      },
      mark(shares),
      focalsharp.upright(value.expectation, shares, "c1", "solid", 2.5),
    ], {
      margin: { ...MARGIN, b: 46 }, hovermode: "x", xaxis: { ...x, title: "distance in strides" },
      yaxis: { title: "S", range: shares },
    });

    const steepest = snap(Math.max(...value.gradient.map(Math.abs)));
    focalsharp.plot(gradientPlot, [{
      type: "bar", x: bins, y: value.gradient, width: 0.78, hovertemplate: "bin %{x}: %{y:.4f}<extra></extra>",
      marker: { color: value.gradient.map((g) => focalsharp.color(g < 0 ? "c1" : "c2")) },
    }, mark([-steepest, steepest])], { margin: { ...MARGIN, b: 46 }, hovermode: "x", xaxis: { ...x, title: "bin" }, yaxis: { title: "∂DFL/∂x", range: [-steepest, steepest] } });

    layOut(logits, value.probabilities);
    const lowest = -ideal.reduce((sum, q) => sum + (q > 0 ? q * Math.log(q) : 0), 0);
    const f = focalsharp.number;
    const [a, b] = [ideal[left], ideal[left + 1]];
    return {
      values: {
        ...value, lowest, miss: Math.abs(value.expectation - y),
        worked: `DFL = −(${f(a, 2)} · ln ${f(value.probabilities[left], 3)} + ${f(b, 2)} · ln ${f(value.probabilities[left + 1], 3)}) = ${f(value.loss)}`,
      },
      spoken: `Distribution focal loss ${f(value.loss)}, minimum ${f(lowest)}. Mean ${f(value.expectation, 2)}, target ${f(y, 2)}, standard deviation ${f(value.deviation, 2)}.`,
    };
  });

  // One slider per bin, as wide as its bar and as high as the plot.
  function layOut(logits, probabilities) {
    while (bars.children.length > logits.length) {
      bars.lastElementChild.remove();
    }
    while (bars.children.length < logits.length) {
      const bar = document.createElement("div");
      bar.setAttribute("role", "slider");
      bar.setAttribute("aria-orientation", "vertical");
      bar.setAttribute("aria-valuemin", -LIMIT);
      bar.setAttribute("aria-valuemax", LIMIT);
      bar.setAttribute("aria-label", `Logit of bin ${bars.children.length}`);
      bars.append(bar);
    }
    focused = Math.min(focused, logits.length - 1);
    const width = 100 / (logits.length - 1 + 2 * SIDE);
    bars.style.inset = `${MARGIN.t}px ${MARGIN.r}px 24px ${MARGIN.l}px`;
    logits.forEach((logit, k) => {
      const bar = bars.children[k];
      bar.style.left = `${(k - 0.5 + SIDE) * width}%`;
      bar.style.width = `${width}%`;
      bar.style.top = bar.style.bottom = "0";
      bar.tabIndex = k === focused ? 0 : -1;
      bar.setAttribute("aria-valuenow", logit.toFixed(2));
      bar.setAttribute("aria-valuetext", `${focalsharp.number(logit, 2)}, probability ${focalsharp.number(probabilities[k], 3)}`);
    });
  }

  const current = () => logitsOf(page.state);
  const put = (changes) => {
    const logits = current();
    for (const [k, value] of changes) {
      logits[k] = clamp(value);
    }
    page.set({ logits: text(logits) });
  };
  const go = (name) => {
    descent.stop();
    page.set({ logits: text(shapes.make(name, page.state.n, Math.min(page.state.y, page.state.n))) });
  };

  // Dragging: sets every bar between the last pointer position and this one.
  let last = null;
  const at = (event) => {
    const frame = bars.getBoundingClientRect();
    const k = Math.round(((event.clientX - frame.left) / frame.width) * (page.state.n + 2 * SIDE) - SIDE);
    const height = 1 - (event.clientY - frame.top) / frame.height;
    return { k: Math.min(page.state.n, Math.max(0, k)), value: (height * 2 - 1) * (LIMIT + 0.4) };
  };
  const sweep = (event) => {
    const here = at(event), from = last ?? here, steps = Math.abs(here.k - from.k);
    put(Array.from({ length: steps + 1 }, (_, i) => {
      const t = steps === 0 ? 1 : i / steps;
      return [from.k + Math.sign(here.k - from.k) * i, from.value + (here.value - from.value) * t];
    }));
    last = here;
  };
  bars.addEventListener("pointerdown", (event) => {
    event.preventDefault();
    descent.stop();
    bars.setPointerCapture(event.pointerId);
    last = null;
    focused = at(event).k;
    bars.children[focused].focus({ preventScroll: true, focusVisible: false });
    sweep(event);
  });
  bars.addEventListener("pointermove", (event) => last && sweep(event));
  for (const end of ["pointerup", "pointercancel"]) {
    bars.addEventListener(end, () => { last = null; });
  }

  bars.addEventListener("keydown", (event) => {
    const steps = { ArrowUp: 0.25, ArrowDown: -0.25, PageUp: 1, PageDown: -1 };
    const moves = { ArrowLeft: -1, ArrowRight: 1 };
    const ends = { Home: -LIMIT, End: LIMIT };
    if (event.key in steps) {
      put([[focused, current()[focused] + steps[event.key]]]);
    } else if (event.key in ends) {
      put([[focused, ends[event.key]]]);
    } else if (event.key in moves) {
      bars.children[focused].tabIndex = -1;
      focused = Math.min(page.state.n, Math.max(0, focused + moves[event.key]));
      bars.children[focused].tabIndex = 0;
      bars.children[focused].focus();
    } else {
      return;
    }
    event.preventDefault();
    descent.stop();
  });

  const advance = () => {
    const { n, rate } = page.state, y = Math.min(page.state.y, n), logits = current();
    const { gradient } = dfl({ logits, y });
    if (Math.max(...gradient.map(Math.abs)) < 5e-4) {
      return false;
    }
    page.set({ logits: text(logits.map((x, k) => clamp(x - rate * gradient[k]))) });
    return true;
  };
  const descent = focalsharp.descent(document.getElementById("descend"), {
    advance,
    perFrame: 3,
    ended: (steps) => page.speak(`After ${steps} steps: loss ${document.querySelector('[data-value="loss"]').textContent}.`, 800),
  });
  document.getElementById("step").addEventListener("click", advance);
  target.addEventListener("input", descent.stop);
  document.getElementById("n").addEventListener("input", () => { descent.stop(); page.set({ logits: "" }); });
  for (const button of document.querySelectorAll("[data-shape]")) {
    button.addEventListener("click", () => go(button.dataset.shape));
  }
  for (const button of document.querySelectorAll("[data-go]")) {
    button.addEventListener("click", () => {
      document.querySelector(".lab").scrollIntoView({ block: "start" });
      go(button.dataset.go === "descend" ? "flat" : button.dataset.go);
      if (button.dataset.go === "descend") {
        descent.start();
      }
    });
  }
})();
