"use strict";
/* Plotly in the colors of the page. focalsharp.plot(element, traces, layout) draws or updates a plot; focalsharp.color("c1") reads the palette. */
focalsharp.color = (name) => getComputedStyle(document.documentElement).getPropertyValue(`--${name}`).trim();

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
    return Plotly.react(element, traces, themed, config);
  };
})();

/** Returns a vertical line as a Plotly shape. */
focalsharp.rule = (x, name, dash = "dot", width = 2) =>
  ({ type: "line", x0: x, x1: x, y0: 0, y1: 1, yref: "paper", line: { color: focalsharp.color(name), width, dash } });
