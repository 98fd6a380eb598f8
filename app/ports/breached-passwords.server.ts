import { createHash } from "node:crypto";
import { env } from "./env.server.ts";
import { log } from "./logger.server.ts";

const deadlineMs = 2_000;

/**
 * True where the password is known from a breach of some site. Asks the range API of Have I Been Pwned, or a service
 * that speaks it, which is told the first 5 of the 40 hex digits of the SHA-1, as some thousand other passwords have
 * them (k-anonymity), and answers with the rest of each, padded so that the length tells nothing
 * (https://haveibeenpwned.com/API/v3#PwnedPasswords).
 *
 * False where no service is configured, and where it does not answer: a sign-up must not depend on it.
 */
export async function isBreached(password: string): Promise<boolean> {
  if (!env.BREACHED_PASSWORDS_URL) return false;
  const sha1 = createHash("sha1").update(password).digest("hex").toUpperCase();
  try {
    const response = await fetch(`${env.BREACHED_PASSWORDS_URL}/range/${sha1.slice(0, 5)}`, {
      headers: { "Add-Padding": "true", "User-Agent": "Balde" },
      signal: AbortSignal.timeout(deadlineMs),
      redirect: "error",
    });
    if (!response.ok) throw new Error(`answered ${response.status}`);
    return isListed(await response.text(), sha1.slice(5));
  } catch (error) {
    log.warn(
      { err: error },
      "the service for breached passwords did not answer; the password was let through",
    );
    return false;
  }
}

/** Lines of `SUFFIX:COUNT`; those with a count of 0 are padding. */
function isListed(lines: string, suffix: string): boolean {
  return lines.split("\n").some((line) => {
    const [listed, count] = line.trim().split(":");
    return listed?.toUpperCase() === suffix && Number(count) > 0;
  });
}
