import { svelte } from "@sveltejs/vite-plugin-svelte";
import { defineConfig } from "vitest/config";

// The agents' application. `npm run dev` proxies to a server started by `make dev`.
export default defineConfig({
  plugins: [svelte()],
  base: "/",
  build: { outDir: "../src/prilavok/web/static", emptyOutDir: true, target: "es2022", assetsInlineLimit: 0 },
  server: { proxy: { "/api": { target: "http://127.0.0.1:8000", ws: true }, "/files": "http://127.0.0.1:8000" } },
  test: { include: ["src/**/*.test.ts"], environment: "node", testTimeout: 30_000 },
});
