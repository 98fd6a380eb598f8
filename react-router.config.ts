import type { Config } from "@react-router/dev/config";

export default {
  ssr: true,
  // The root middleware refuses cross-site changes by PUBLIC_URL, on resource routes too
  // (app/http/cross-site.server.ts). React Router's own check knows only the Host header, which a
  // proxy may rewrite, and answers with an error instead of a page.
  allowedActionOrigins: ["**"],
} satisfies Config;
