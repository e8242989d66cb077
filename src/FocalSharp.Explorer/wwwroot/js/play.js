"use strict";
/*
 * Plays a slider from one end to the other and back: a button with data-play="ID". The state before the last movement is focalsharp.page.former,
 * from which pages draw a ghost. With prefers-reduced-motion it moves to the other end at once.
 */
(() => {
  const SECONDS = 6; // from one end to the other
  const page = focalsharp.page;
  let playing = null;

  const stop = () => {
    if (playing) {
      cancelAnimationFrame(playing.frame);
      playing.button.textContent = playing.idle;
      playing = null;
    }
  };

  const start = (button, slider) => {
    stop();
    page.begin();
    const [low, high] = [Number(slider.min), Number(slider.max)];
    if (matchMedia("(prefers-reduced-motion: reduce)").matches) {
      page.set({ [slider.id]: Number(slider.value) > (low + high) / 2 ? low : high });
      return;
    }
    let last = performance.now(), value = Number(slider.value), direction = value >= high ? -1 : 1;
    const tick = (now) => {
      value += direction * (high - low) * Math.min(now - last, 100) / 1000 / SECONDS;
      last = now;
      if (value >= high || value <= low) {
        direction = value >= high ? -1 : 1;
        value = Math.min(high, Math.max(low, value));
      }
      page.set({ [slider.id]: value });
      playing.frame = requestAnimationFrame(tick);
    };
    playing = { button, idle: button.textContent, frame: requestAnimationFrame(tick) };
    button.textContent = playing.idle.replace("▶ Play", "❚❚ Pause");
  };

  for (const button of document.querySelectorAll("[data-play]")) {
    const slider = document.getElementById(button.dataset.play);
    button.addEventListener("click", () => (playing?.button === button ? stop() : start(button, slider)));
  }
  document.addEventListener("pointerdown", (event) => {
    if (!event.target.closest("[data-play]")) {
      stop();
    }
  });
  document.addEventListener("keydown", (event) => {
    if (event.target.matches("input")) {
      stop();
    }
  });
})();
