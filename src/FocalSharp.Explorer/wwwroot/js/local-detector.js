"use strict";
/*
 * Runs the exported model in the browser with ONNX Runtime's WebAssembly. Everything comes from the folder of the page; images leave neither the page
 * nor the machine.
 *   focalsharp.localDetector.open()         resolves to the description of the model
 *   focalsharp.localDetector.detect(file)   resolves to the candidates of an image before NMS, like the explorer's server
 */
(() => {
  const MIN_SCORE = 0.02, MAX_CANDIDATES = 800;
  const state = document.querySelector("[data-state]");
  const say = (text) => { state.textContent = text; };
  const megabytes = (bytes) => `${(bytes / 1e6).toFixed(0)} MB`;
  const at = (name) => new URL(name, document.baseURI).href;
  let model = null, session = null;

  const load = async (name) => {
    let answer;
    try {
      answer = await fetch(at(name));
    } catch {
      throw new Error(location.protocol === "file:"
        ? "Browsers do not load a model from disk. Serve the folder, for example: python3 -m http.server"
        : `${name} could not be loaded. Reload the page.`);
    }
    if (!answer.ok) {
      throw new Error(`${name}: the server answered ${answer.status}.`);
    }
    return answer;
  };

  const open = async () => {
    say(`Loading the model and its runtime (${megabytes(model.bytes)} and about 14 MB, once)…`);
    ort.env.wasm.wasmPaths = at("assets/onnx/");
    ort.env.logLevel = "error";
    ort.env.wasm.numThreads = 1; // threads need headers that plain static servers do not send
    const bytes = new Uint8Array(await (await load("model/model.onnx")).arrayBuffer());
    const opened = await ort.InferenceSession.create(bytes, { executionProviders: ["wasm"], logSeverityLevel: 3 });
    say(`${model.name}, ${megabytes(model.bytes)}, runs in this browser. Images are not sent anywhere.`);
    return opened;
  };

  const pixels = async (file) => {
    let bitmap;
    try {
      bitmap = await createImageBitmap(file, { imageOrientation: "from-image" });
    } catch {
      throw new Error(`${file.name}: this browser cannot read the image. Use JPEG, PNG, WebP, GIF or BMP.`);
    }
    const { width, height } = bitmap;
    if (width < 8 || height < 8) {
      throw new Error(`${file.name}: ${width} × ${height} pixels; at least 8 × 8 are needed.`);
    }
    const context = Object.assign(document.createElement("canvas"), { width, height }).getContext("2d", { willReadFrequently: true });
    context.drawImage(bitmap, 0, 0);
    bitmap.close();
    return context.getImageData(0, 0, width, height);
  };

  const detect = async (file) => {
    const image = await pixels(file);
    session ??= open();
    const network = await session.catch((error) => {
      session = null; // the next image tries again
      throw error;
    });
    const frame = focalsharp.preprocess(image, model.resize);
    const feeds = { images: new ort.Tensor("uint8", frame.pixels, [1, frame.paddedHeight, frame.paddedWidth, 3]) };
    if (network.inputNames.includes("sizes")) {
      feeds.sizes = new ort.Tensor("int64", BigInt64Array.from([frame.height, frame.width].map(BigInt)), [1, 2]);
    }
    const began = performance.now();
    const { class_logits: logits, distributions: sides } = await network.run(feeds);
    const candidates = focalsharp.decode({ logits: logits.data, sides: sides.data, model, frame, minScore: MIN_SCORE, max: MAX_CANDIDATES });
    return {
      name: file.name, width: image.width, height: image.height, seconds: (performance.now() - began) / 1000,
      max: model.maxDetections, classes: model.classes, candidates,
    };
  };

  focalsharp.localDetector = {
    open: async () => {
      model = await (await load("model/model.json")).json();
      say(`${model.name}: choose an image, or drop one.`);
      return model;
    },
    detect,
  };
})();
