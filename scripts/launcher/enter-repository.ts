import { existsSync } from "node:fs";
import { fileURLToPath } from "node:url";

/**
 * Goes to the repository's folder, which paths such as `.data` are relative to, and reads `.env` there if there is
 * one. Variables of the environment win over it.
 */
export function enterRepository(): void {
  process.chdir(fileURLToPath(new URL("../..", import.meta.url)));
  if (existsSync(".env")) process.loadEnvFile(".env");
}
