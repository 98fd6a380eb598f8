// Adds the entries for other platforms that npm leaves out of package-lock.json when the registry
// it was made with does not carry them: `npm ci` refuses a lock without them.
// Run after every `npm install`: node scripts/fix-lock.mjs
import { readFileSync, writeFileSync } from "node:fs";

const lock = JSON.parse(readFileSync("package-lock.json", "utf8"));
const OS =
  /(?:^|[-/])(android|darwin|freebsd|linux|netbsd|openbsd|openharmony|sunos|aix|win32|windows)(?:[-.]|$)/;
const CPU = /-(arm64|x64|arm|ia32|ppc64|riscv64|s390x|loong64)(?:-|$)/;

/** The lock's paths at which `name` would be found from the package at `path`, nearest first. */
function candidates(path, name) {
  const found = [];
  for (let at = path; ; at = at.slice(0, Math.max(0, at.lastIndexOf("/node_modules/")))) {
    found.push(`${at ? `${at}/` : ""}node_modules/${name}`);
    if (!at) return found;
  }
}

let added = 0;
for (const [path, entry] of Object.entries(lock.packages)) {
  for (const [name, version] of Object.entries(entry.optionalDependencies ?? {})) {
    if (candidates(path, name).some((at) => lock.packages[at])) continue;
    const platform = name.slice(name.indexOf("/") + 1);
    const os = OS.exec(platform)?.[1]?.replace("windows", "win32");
    const cpu = CPU.exec(platform)?.[1] ?? (platform.includes("wasm32") ? "wasm32" : undefined);
    lock.packages[`node_modules/${name}`] = {
      version: String(version).replace(/^[~^]/, ""),
      ...(entry.dev ? { dev: true } : {}),
      optional: true,
      ...(os ? { os: [os] } : {}),
      ...(cpu ? { cpu: [cpu] } : {}),
      ...(platform.includes("musl") ? { libc: ["musl"] } : {}),
    };
    added += 1;
  }
}
lock.packages = Object.fromEntries(Object.entries(lock.packages).sort(([a], [b]) => (a < b ? -1 : 1)));
writeFileSync("package-lock.json", `${JSON.stringify(lock, null, 2)}\n`);
console.log(`package-lock.json: ${added} entries added`);
