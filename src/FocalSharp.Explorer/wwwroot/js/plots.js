"use strict";
/* Plotly in the colors of the page. focalsharp.plot(element, traces, layout) draws or updates a plot; focalsharp.color("c1") reads the palette. */
focalsharp.color = (() => {
  const known = new Map();
  document.addEventListener("focalsharp:theme", () => known.clear());
  return (name) => {
    if (!known.has(name)) {
      known.set(name, getComputedStyle(document.documentElement).getPropertyValue(`--${name}`).trim());
    }
    return known.get(name);
  };
})();

focalsharp.plot = (() => {
  const config = { displayModeBar: false, responsive: true, doubleClick: false, showTips: false, scrollZoom: false };
  const family = '-apple-system, BlinkMacSystemFont, Inter, "Segoe UI", Roboto, "Helvetica Neue", "Noto Sans", "Liberation Sans", Arial, sans-serif';

  const axis = (given = {}) => {
    const { title, ...rest } = given;
    return {
      fixedrange: true,
      color: focalsharp.color("soft"),
      gridcolor: focalsharp.color("grid"),
      zerolinecolor: focalsharp.color("rule"),
      zerolinewidth: 1.5,
      linecolor: focalsharp.color("rule"),
      tickfont: { size: 12, color: focalsharp.color("soft") },
      ticks: "",
      title: { text: title, standoff: 8, font: { size: 13, color: focalsharp.color("soft") } },
      ...rest,
    };
  };

  // If only data changed, the traces that changed are drawn again, and no axis, shape or legend.
  const same = (a, b) => a === b || JSON.stringify(a) === JSON.stringify(b);
  const style = ({ x, y, ...rest }) => rest;
  const update = (element, traces, layout) => {
    const last = element.drawn;
    const fixed = JSON.stringify([layout, traces.map(style)]);
    element.drawn = { traces, fixed };
    if (last?.fixed !== fixed) {
      return Plotly.react(element, traces, layout, config);
    }
    const changed = traces.map((_, i) => i).filter((i) => !same(last.traces[i].x, traces[i].x) || !same(last.traces[i].y, traces[i].y));
    return changed.length ? Plotly.restyle(element, { x: changed.map((i) => traces[i].x), y: changed.map((i) => traces[i].y) }, changed) : null;
  };

  return (element, traces, layout = {}) => {
    const themed = {
      paper_bgcolor: "rgba(0,0,0,0)",
      plot_bgcolor: "rgba(0,0,0,0)",
      font: { family, color: focalsharp.color("ink"), size: 13 },
      margin: { l: 56, r: 14, t: 14, b: 46 },
      showlegend: false,
      dragmode: false,
      hovermode: "x unified",
      hoverlabel: {
        bgcolor: focalsharp.color("card"), bordercolor: focalsharp.color("rule"),
        font: { family, size: 13, color: focalsharp.color("ink") }, namelength: -1,
      },
      ...layout,
    };
    for (const name of Object.keys(themed).filter((key) => /^[xy]axis\d*$/.test(key))) {
      themed[name] = axis(themed[name]);
    }
    return update(element, traces, themed);
  };
})();

/** Returns a vertical line as a Plotly shape; for one that moves with a slider, upright is faster. */
focalsharp.rule = (x, name, dash = "dot", width = 2) =>
  ({ type: "line", x0: x, x1: x, y0: 0, y1: 1, yref: "paper", line: { color: focalsharp.color(name), width, dash } });

/** Returns a vertical line from the bottom to the top of a range as a trace. */
focalsharp.upright = (x, [low, high], name, dash = "dot", width = 2) =>
  ({ x: [x, x], y: [low, high], mode: "lines", hoverinfo: "skip", line: { color: focalsharp.color(name), width, dash } });

/** Returns the trace of a curve before the last movement; an empty one if there was none. */
focalsharp.ghost = (x, y) => ({
  x: y ? x : [], y: y ?? [], mode: "lines", hoverinfo: "skip", opacity: 0.4, line: { color: focalsharp.color("c1"), width: 2 },
});

/** Returns the next of a series of round limits (factors of 1.25), so that a range that follows its data rarely changes. */
focalsharp.limit = (value) => 1.25 ** Math.ceil(Math.log(value) / Math.log(1.25));
