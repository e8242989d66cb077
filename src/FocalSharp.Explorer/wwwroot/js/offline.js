"use strict";
// Exported pages are cached when they are first opened from a web server, so that they work without a connection afterwards.
if ("serviceWorker" in navigator && location.protocol.startsWith("http")) {
  navigator.serviceWorker.register("service-worker.js").catch(() => {}); // they work without it
}
