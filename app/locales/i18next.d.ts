import "i18next";
import type { resources } from "./resources.server.ts";

/** Makes `t("…")` know every key. English is the reference; a test holds the others to it. */
declare module "i18next" {
  interface CustomTypeOptions {
    defaultNS: "translation";
    resources: (typeof resources)["en"];
  }
}
