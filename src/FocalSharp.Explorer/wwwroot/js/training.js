"use strict";
/* Follows a training run: the server sends its state once a second as a server-sent event. */
(() => {
  const $ = (id) => document.getElementById(id);
  const events = new EventSource("api/training/events");
  let last = null, pictures = -1;

  const time = (seconds) => {
    const minutes = Math.round(seconds / 60);
    return seconds < 90 ? `${seconds} s` : minutes < 90 ? `${minutes} min` : `${Math.floor(minutes / 60)} h ${minutes % 60} min`;
  };
  const line = (x, y, name, color, dash) => ({
    x, y, name, mode: x.length < 30 ? "lines+markers" : "lines", hovertemplate: "%{y:.4f}", marker: { size: 6, color: focalsharp.color(color) },
    line: { color: focalsharp.color(color), width: dash ? 2 : 3, dash },
  });

  const draw = () => {
    const { losses, evaluations: found } = last;
    const top = Math.max(1, last.totalSteps), x = { title: "step", range: [0, top] };
    const peak = Math.max(0.1, ...losses.quality.slice(2), ...losses.box.slice(2), ...losses.distribution.slice(2));
    focalsharp.plot($("loss-plot"), [
      line(losses.step, losses.quality, "quality", "c1"), line(losses.step, losses.box, "box", "c2", "dash"),
      line(losses.step, losses.distribution, "distribution", "c3", "dashdot"),
    ], { xaxis: x, yaxis: { title: "loss", range: [0, 1.05 * peak] } });
    const steps = found.map((one) => one.step), values = (key) => found.map((one) => one[key]);
    focalsharp.plot($("ap-plot"), [
      line(steps, values("AP"), "AP", "c1"), line(steps, values("AP50"), "AP50", "c2", "dash"), line(steps, values("AP75"), "AP75", "c3", "dashdot"),
    ], { xaxis: x, yaxis: { title: "AP", range: [0, 1] } });
  };

  const show = (state) => {
    last = state;
    $("phase").textContent = state.phase;
    $("progress").value = state.totalSteps ? state.step / state.totalSteps : 0;
    $("step").textContent = state.totalSteps ? `${state.step} of ${state.totalSteps}` : "–";
    $("epoch").textContent = state.totalEpochs ? `${state.epoch} of ${state.totalEpochs}` : "–";
    $("left").textContent = state.secondsLeft === null ? "–" : time(state.secondsLeft);
    $("speed").textContent = state.step ? state.imagesPerSecond.toFixed(1) : "–";
    $("rate").textContent = state.step ? state.learningRate.toPrecision(3) : "–";
    const best = state.evaluations.filter((one) => one.best).at(-1);
    $("best").textContent = best ? `${best.AP.toFixed(3)}, after ${best.epoch} ${best.epoch === 1 ? "epoch" : "epochs"}` : "–";
    document.title = state.totalSteps ? `${Math.floor((100 * state.step) / state.totalSteps)} % – Training` : "Training";
    $("messages").replaceChildren(...state.messages.map((text) => Object.assign(document.createElement("li"), { textContent: text })));
    $("no-pictures").hidden = state.pictures.length > 0;
    if (pictures !== state.pictureVersion) {
      pictures = state.pictureVersion;
      $("pictures").replaceChildren(...state.pictures.map((caption, index) => {
        const item = document.createElement("li"), image = document.createElement("img"), text = document.createElement("span");
        image.src = `api/training/pictures/${index}?version=${pictures}`;
        image.alt = `Detections on ${caption}`;
        text.textContent = caption;
        item.append(image, text);
        return item;
      }));
    }
    draw();
    document.body.classList.add("ready");
    if (state.ended) {
      events.close();
    }
  };

  const notice = document.querySelector("[data-notice]");
  events.addEventListener("message", (event) => {
    notice.hidden = true;
    show(JSON.parse(event.data));
  });
  events.addEventListener("error", () => {
    notice.hidden = false;
    notice.textContent = "No connection to the training. It may have ended; the page connects again by itself.";
  });
  document.addEventListener("focalsharp:theme", () => last && draw());
})();
