"use strict";
/*
 * A heat map as a canvas below a plot, since the plotly.js bundle of the pages has only lines and bars. Colors follow the square root of the
 * values, so that small ones can be distinguished; the color bar and the tooltip show the values themselves.
 *   const map = focalsharp.heatMap(element, { tip, pick })
 *   map.draw({ x, y, values, max, ticks, traces, layout })    values[row][column], null for none; max of their square roots
 */
focalsharp.heatMap = (element, { tip, pick }) => {
  // Cividis (Nuñez, Anderton and Renslow 2018), readable with any color vision.
  const colors = [
    [0, 32, 76], [0, 42, 102], [0, 52, 110], [39, 63, 108], [60, 74, 107], [76, 85, 107], [91, 95, 109], [104, 106, 112], [117, 117, 117],
    [131, 129, 120], [146, 140, 120], [161, 152, 118], [176, 165, 114], [192, 177, 109], [209, 191, 102], [225, 204, 92], [243, 219, 79], [255, 233, 69],
  ];
  const scale = colors.map((color, i) => [i / (colors.length - 1), `rgb(${color.join()})`]);
  const canvas = document.createElement("canvas"), note = document.createElement("p");
  canvas.className = "heat";
  note.className = "heat-tip";
  note.hidden = true;
  element.before(canvas);
  element.after(note);
  let drawn = null;

  const paint = ({ values, max }) => {
    const height = values.length, width = values[0].length;
    Object.assign(canvas, { width, height });
    const context = canvas.getContext("2d"), image = context.createImageData(width, height);
    for (let row = 0; row < height; row++) {
      for (let column = 0; column < width; column++) {
        const value = values[height - 1 - row][column];
        const at = Math.min(1, Math.sqrt(value) / max) * (colors.length - 1);
        if (value !== null && at >= 0) { // not NaN: an address may contain parameters that have no loss
          const low = Math.min(colors.length - 2, Math.floor(at));
          for (let i = 0; i < 3; i++) {
            image.data[4 * (row * width + column) + i] = colors[low][i] + (colors[low + 1][i] - colors[low][i]) * (at - low);
          }
          image.data[4 * (row * width + column) + 3] = 255;
        }
      }
    }
    context.putImageData(image, 0, 0);
  };

  // A pixel of the canvas is centered at its value: the map reaches half a cell beyond the first and last.
  const place = () => {
    if (!element._fullLayout || !drawn) {
      return;
    }
    const { xaxis, yaxis } = element._fullLayout, { x, y } = drawn;
    const half = (values) => (values[1] - values[0]) / 2;
    const left = xaxis._offset + xaxis.d2p(x[0] - half(x)), right = xaxis._offset + xaxis.d2p(x.at(-1) + half(x));
    const top = yaxis._offset + yaxis.d2p(y.at(-1) + half(y)), bottom = yaxis._offset + yaxis.d2p(y[0] - half(y));
    const beyond = [yaxis._offset - top, right - xaxis._offset - xaxis._length, bottom - yaxis._offset - yaxis._length, xaxis._offset - left];
    Object.assign(canvas.style, {
      left: `${left}px`, top: `${top}px`, width: `${right - left}px`, height: `${bottom - top}px`,
      clipPath: `inset(${beyond.map((margin) => `${Math.max(0, margin)}px`).join(" ")})`,
    });
  };

  const at = (event) => {
    const frame = element.getBoundingClientRect(), { xaxis, yaxis } = element._fullLayout;
    const nearest = (values, value) => values.reduce((best, other, i) => (Math.abs(other - value) < Math.abs(values[best] - value) ? i : best), 0);
    const px = event.clientX - frame.left - xaxis._offset, py = event.clientY - frame.top - yaxis._offset;
    if (px < 0 || py < 0 || px > xaxis._length || py > yaxis._length) {
      return null;
    }
    const column = nearest(drawn.x, xaxis.p2d(px)), row = nearest(drawn.y, yaxis.p2d(py)), value = drawn.values[row][column];
    return value === null ? null : { x: drawn.x[column], y: drawn.y[row], value };
  };

  element.addEventListener("pointermove", (event) => {
    const point = at(event);
    note.hidden = point === null;
    if (point) {
      note.textContent = tip(point);
    }
  });
  element.addEventListener("pointerleave", () => { note.hidden = true; });
  element.addEventListener("click", (event) => {
    const point = at(event);
    if (point) {
      pick(point);
    }
  });
  new ResizeObserver(() => setTimeout(place, 150)).observe(element); // after the plot has followed

  return {
    draw: (next) => {
      const { max, ticks, traces, layout } = next;
      if (drawn?.values !== next.values) {
        element.heat = drawn = next;
        paint(next);
      }
      const bar = {
        x: [null], y: [null], mode: "markers", hoverinfo: "skip",
        marker: {
          color: [0], cmin: 0, cmax: max, colorscale: scale, showscale: true,
          colorbar: {
            thickness: 12, outlinewidth: 0, tickvals: ticks.map(Math.sqrt), ticktext: ticks.map((tick) => String(Number(tick.toPrecision(2)))), len: 1, x: 1.02,
            title: { text: "loss", side: "right" }, tickfont: { color: focalsharp.color("soft") },
          },
        },
      };
      focalsharp.plot(element, [bar, ...traces], { hovermode: false, margin: { l: 56, r: 66, t: 14, b: 46 }, ...layout });
      place();
    },
  };
};
