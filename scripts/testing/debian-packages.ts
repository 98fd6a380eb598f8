import { type Ran, run } from "./run.ts";

/** A Debian package that the tests use, and how to find out that what it brings is there. */
export interface DebianPackage {
  name: string;
  isThere: () => boolean;
}

/** Which of them are missing, and what a person types to get those. */
export function missingPackages(packages: readonly DebianPackage[]): { names: string[]; command: string } {
  const names = packages.filter(({ isThere }) => !isThere()).map(({ name }) => name);
  return { names, command: `apt-get install -y --no-install-recommends ${names.join(" ")}` };
}

/**
 * Installs the packages that are missing, where this user may; otherwise fails with words that say what to install.
 *
 * @param whatFor "The end-to-end tests need": goes before the names of what is missing.
 * @param say where to tell that an installation is under way; it takes up to a minute.
 */
export async function ensureDebianPackages(
  packages: readonly DebianPackage[],
  { whatFor, live, say }: { whatFor: string; live: boolean; say: (line: string) => void },
): Promise<Ran> {
  const { names, command } = missingPackages(packages);
  if (names.length === 0) return { ok: true, output: "" };
  const list = new Intl.ListFormat("en").format(names);
  if (process.getuid?.() !== 0) {
    return { ok: false, output: `${whatFor} ${list}. Install with: sudo ${command}\n` };
  }
  say(`  installing ${list} with apt`);
  const result = await run(
    ["sh", "-c", `apt-get update && ${command}`],
    { live },
    {
      DEBIAN_FRONTEND: "noninteractive",
    },
  ).catch((error: Error) => ({ ok: false, output: `${error.message}\n` }));
  return { ok: result.ok && packages.every(({ isThere }) => isThere()), output: result.output };
}
