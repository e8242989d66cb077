// Compresses the files that the explorer's pages load from npm packages: node pack.mjs NODE_MODULES FOLDER.
import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { brotliCompressSync, constants } from "node:zlib";

const [modules, folder] = process.argv.slice(2);
const runtime = "onnxruntime-web/dist/";
const files = {
  "js/plotly.min.js": "plotly.js-basic-dist-min/plotly-basic.min.js",
  "onnx/ort.wasm.min.js": `${runtime}ort.wasm.min.js`,
  "onnx/ort-wasm-simd-threaded.mjs": `${runtime}ort-wasm-simd-threaded.mjs`,
  "onnx/ort-wasm-simd-threaded.wasm": `${runtime}ort-wasm-simd-threaded.wasm`,
};
const quality = (bytes) => (bytes < 4 << 20 ? 11 : 9); // 11 takes half a minute for the WebAssembly file and saves little

for (const [name, source] of Object.entries(files)) {
  const content = readFileSync(join(modules, source));
  const target = join(folder, `${name}.br`);
  mkdirSync(dirname(target), { recursive: true });
  writeFileSync(target, brotliCompressSync(content, {
    params: {
      [constants.BROTLI_PARAM_QUALITY]: quality(content.length),
      [constants.BROTLI_PARAM_SIZE_HINT]: content.length,
      [constants.BROTLI_PARAM_LGWIN]: 24,
    },
  }));
}
