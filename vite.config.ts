import { reactRouter } from "@react-router/dev/vite";
import tailwindcss from "@tailwindcss/vite";
import { defineConfig } from "vite";

export default defineConfig({
  plugins: [tailwindcss(), reactRouter()],
  resolve: { tsconfigPaths: true },
  // Named here so that the first page of `npm run dev` does not reload when Vite discovers them.
  optimizeDeps: {
    include: ["react-router", "react-router/dom", "@conform-to/react/future", "i18next", "react-i18next"],
  },
});
