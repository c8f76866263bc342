import { defineConfig } from "vite";

// The widget: one classic script without dependencies, at most 25 KB gzip.
export default defineConfig({
  publicDir: false,
  build: {
    outDir: "../src/prilavok/web/static",
    emptyOutDir: false,
    target: "es2022",
    lib: { entry: "src/widget/main.ts", formats: ["iife"], name: "prilavok", fileName: () => "widget.js" },
  },
});
