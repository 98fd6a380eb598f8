/**
 * Brings node_modules in line with package-lock.json where it is not: `npm start`, `npm run dev` and
 * `npm test` run this first, so that each works on a fresh clone and after a pull.
 *
 * Plain JavaScript without dependencies, since it runs before there are any, under whichever Node (20 or
 * newer) the machine has. The one that the project is made for comes with the packages.
 */
import { spawnSync } from "node:child_process";
import { existsSync, readFileSync, realpathSync } from "node:fs";
import { delimiter, dirname, join } from "node:path";
import { fileURLToPath } from "node:url";

/**
 * Why an install is due, in words, or undefined when everything is in place.
 *
 * @param wanted package-lock.json, parsed
 * @param installed node_modules/.package-lock.json, parsed: npm's own record of what it has put there, written
 *   last; undefined when there is none
 */
export function reasonToInstall(wanted, installed) {
  if (!installed) return "the packages are not installed yet";
  for (const [path, entry] of Object.entries(wanted.packages)) {
    if (path === "") continue;
    const present = installed.packages[path];
    // npm leaves out optional packages made for another platform, and whatever only those need.
    if (!present && entry.optional) continue;
    if (present?.version !== entry.version || present?.integrity !== entry.integrity) {
      return "package-lock.json has changed";
    }
  }
  return undefined;
}

function ensureInstalled(root) {
  const reason = reasonToInstall(
    readJson(join(root, "package-lock.json")),
    readJson(join(root, "node_modules", ".package-lock.json")),
  );
  if (!reason) return;

  console.log(`Installing packages with npm ci: ${reason}. This takes a minute or so.`);
  const startedAt = Date.now();
  // Dev dependencies always: this machine also builds and tests what it runs.
  const flags = ["--include=dev", "--loglevel=error", "--no-audit", "--no-fund"];
  const { status, error } = spawnSync("npm", ["ci", ...flags], {
    cwd: root,
    stdio: "inherit",
    env: { ...process.env, PATH: pathWithout(join(root, "node_modules")) },
  });
  if (error || status !== 0) {
    const why = error ? error.message : `it ended with code ${status}`;
    console.error(`npm ci failed: ${why}. Its messages stand above; nothing was started.`);
    process.exit(1);
  }
  console.log(`Packages installed in ${Math.round((Date.now() - startedAt) / 1000)} s.`);
}

/** What follows is TypeScript that Node runs as it is, which older ones answer with a bare syntax error. */
function assertNode(root) {
  if (
    existsSync(join(root, "node_modules", ".bin", "node")) ||
    Number.parseInt(process.versions.node, 10) === 24
  ) {
    return;
  }
  console.error(
    `Balde runs on Node.js 24, which npm has no package of for ${process.platform}-${process.arch}; ` +
      `this is ${process.version}. Install Node.js 24 and run the command again.`,
  );
  process.exit(1);
}

/** npm must not run on the Node inside the very folder that it is about to replace. */
function pathWithout(directory) {
  const entries = (process.env.PATH ?? "").split(delimiter);
  return entries.filter((entry) => !entry.startsWith(directory)).join(delimiter);
}

function readJson(path) {
  return existsSync(path) ? JSON.parse(readFileSync(path, "utf8")) : undefined;
}

const thisFile = fileURLToPath(import.meta.url);
if (process.argv[1] && realpathSync(process.argv[1]) === thisFile) {
  const root = dirname(dirname(thisFile));
  ensureInstalled(root);
  assertNode(root);
}
