"use strict";
/* "Evaluate now": detects objects in the images of a data set that the model has no detections of, with the progress, and lists them by errors. */
(() => {
  const root = document.querySelector("[data-evaluate]"), select = document.getElementById("model");
  const button = root.querySelector("button"), progress = root.querySelector("progress"), text = root.querySelector("span");
  const address = () => `api/evaluations?model=${encodeURIComponent(select.value)}`;
  let timer = 0;

  const show = (state) => {
    root.hidden = !state.running && (state.evaluated || state.total === 0);
    button.hidden = state.running;
    progress.hidden = !state.running;
    progress.max = Math.max(1, state.total);
    progress.value = state.done;
    text.textContent = state.running ? `${state.done} of ${state.total} images` : state.error ?? "Detects objects in all images and lists those with errors first.";
    clearTimeout(timer);
    if (state.running) {
      timer = setTimeout(() => follow().catch(() => {}), 500);
    }
  };
  const follow = async () => {
    const before = progress.hidden, state = await focalsharp.ask(address());
    show(state);
    if (!before && state.evaluated) {
      location.reload();
    }
  };

  button.addEventListener("click", async () => {
    try {
      show(await focalsharp.ask(address(), { method: "POST" }));
    } catch (error) {
      focalsharp.notice(error.message);
    }
  });
  select.addEventListener("change", () => follow().catch(() => {}));
  // The select element is filled by the page's script.
  new MutationObserver((_, observer) => {
    observer.disconnect();
    setTimeout(() => follow().catch(() => {}));
  }).observe(select, { childList: true });
})();
