"use strict";
/*
 * Animated gradient descent, started and stopped by a button. advance() makes one step and returns false at the end; then ended(steps) is
 * called. With prefers-reduced-motion, the final state is shown at once.
 */
focalsharp.descent = (button, { advance, ended, maxSteps = 600, perFrame = 1 }) => {
  const idle = button.textContent;
  let frame = 0, steps = 0;

  const stop = () => {
    cancelAnimationFrame(frame);
    frame = 0;
    button.textContent = idle;
  };
  const finish = () => {
    stop();
    ended(steps);
  };
  const tick = () => {
    let more = true;
    for (let i = 0; i < perFrame && more; i++) {
      more = steps < maxSteps && advance();
      steps += more ? 1 : 0;
    }
    if (more) {
      frame = requestAnimationFrame(tick);
    } else {
      finish();
    }
  };
  const start = () => {
    steps = 0;
    if (matchMedia("(prefers-reduced-motion: reduce)").matches) {
      while (steps < maxSteps && advance()) {
        steps++;
      }
      finish();
    } else {
      button.textContent = "Stop";
      frame = requestAnimationFrame(tick);
    }
  };
  button.addEventListener("click", () => (frame ? finish() : start()));
  return { start, stop };
};
