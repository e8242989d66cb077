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

  const sameNumbers = (a, b) => a === b || (a.length === b.length && a.every((value, i) => Object.is(value, b[i])));
  const same = (a, b) => sameNumbers(a.x, b.x) && sameNumbers(a.y, b.y) && (a.type !== "bar" || JSON.stringify(a.marker) === JSON.stringify(b.marker));
  const style = ({ x, y, marker, ...rest }) => (rest.type === "bar" ? rest : { marker, ...rest });

  // Moves the drawn lines, points and bars of a trace to new values, and colors bars, within axes that stay; returns false if Plotly has to draw it.
  const move = (element, nodes, index, { x, y, marker }) => {
    const { xaxis, yaxis } = element._fullLayout, cells = element.calcdata[index], { trace } = cells[0], node = nodes.get(index);
    const isBar = trace.type === "bar", isPlain = trace.xaxis === "x" && trace.yaxis === "y" && !trace.error_y?.visible && (isBar || trace.fill === "none");
    if (!node || !isPlain || cells.length !== x.length || !x.every(Number.isFinite) || !y.every(Number.isFinite) || (isBar && !sameNumbers(element.data[index].x, x))) {
      return false;
    }
    const left = (i) => xaxis.d2p(x[i]).toFixed(2), top = (i) => yaxis.d2p(y[i]).toFixed(2);
    const line = node.querySelector("path.js-line"), points = node.querySelectorAll(".point");
    if (points.length !== (trace.mode === "lines" ? 0 : x.length)) {
      return false;
    }
    Object.assign(element.data[index], { x, y, ...(marker && { marker }) });
    if (isBar) {
      points.forEach((point, i) => {
        const [from, to] = [xaxis.c2p(cells[i].p0), xaxis.c2p(cells[i].p1)], bar = point.querySelector("path");
        bar.setAttribute("d", `M${from},${yaxis.d2p(0)}V${top(i)}H${to}V${yaxis.d2p(0)}Z`);
        bar.style.fill = Array.isArray(marker.color) ? marker.color[i] : marker.color;
        bar.style.opacity = marker.opacity?.[i] ?? 1;
      });
      return true;
    }
    line?.setAttribute("d", `M${x.map((_, i) => `${left(i)},${top(i)}`).join("L")}`);
    points.forEach((point, i) => point.setAttribute("transform", `translate(${left(i)},${top(i)})`));
    return true;
  };

  // While a slider moves, Plotly's drawing of a whole plot would take longer than a frame. If only data changed and the axes are fixed, the changed
  // traces are moved; Plotly draws them, with their labels for the pointer, once they rest or the pointer is on the plot.
  const REST = 250;
  const draw = (element, traces, layout) => {
    clearTimeout(element.resting);
    element.moved = null;
    return Plotly.react(element, traces, layout, config);
  };
  const nodesOf = (element) => new Map([...element.querySelectorAll("g.trace")].map((node) => [node.__data__?.[0]?.trace?.index, node]));
  const update = (element, traces, layout) => {
    const last = element.drawn;
    const fixed = JSON.stringify([layout, traces.map(style)]);
    element.drawn = { traces, fixed };
    if (!last) {
      element.addEventListener("pointermove", () => element.moved?.());
    }
    if (last?.fixed !== fixed) {
      return draw(element, traces, layout);
    }
    const changed = traces.map((_, i) => i).filter((i) => !same(last.traces[i], traces[i]));
    if (!changed.length) {
      return null;
    }
    const nodes = nodesOf(element);
    if (!layout.xaxis?.range || !layout.yaxis?.range || !changed.every((i) => move(element, nodes, i, traces[i]))) {
      return draw(element, traces, layout);
    }
    element.moved = () => draw(element, traces, layout);
    clearTimeout(element.resting);
    element.resting = setTimeout(element.moved, REST);
    return null;
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

/** Returns the next of a series of limits (factors of 1.5), so that a range that follows its data rarely changes. */
focalsharp.limit = (value) => 1.5 ** Math.ceil(Math.log(value) / Math.log(1.5));
