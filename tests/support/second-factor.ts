import { setTimeout as sleep } from "node:timers/promises";
import { Secret, TOTP } from "otpauth";

const stepMs = 30_000;

/**
 * The code of a generator with this secret (base32, spaces as a page shows it), by default of this moment.
 *
 * @param steps so many times 30 s later; a code counts once, and so does the step that it is of
 */
export function codeOf(secret: string, steps = 0): string {
  return TOTP.generate({
    secret: Secret.fromBase32(secret.replaceAll(" ", "")),
    timestamp: Date.now() + steps * stepMs,
  });
}

/** Six digits that are wrong, whatever the moment. */
export function wrongCodeOf(secret: string): string {
  const right = new Set([-2, -1, 0, 1, 2].map((steps) => codeOf(secret, steps)));
  return ["000000", "111111", "222222", "333333", "444444", "555555"].find((code) => !right.has(code)) ?? "";
}

/** Waits where the step is about to end, so that what follows happens within one. */
export async function calmStep(neededMs = 5_000): Promise<void> {
  const leftMs = stepMs - (Date.now() % stepMs);
  if (leftMs < neededMs) await sleep(leftMs);
}

/** What the page that sets a second factor up shows, and what its form carries. */
export function offerOn(html: string): { secret: string; sealedSecret: string } {
  const secret = /<code[^>]*>((?:[A-Z2-7]{4} ?){8})<\/code>/.exec(html)?.[1] ?? "";
  const sealedSecret = /name="sealedSecret" value="([^"]+)"/.exec(html)?.[1] ?? "";
  if (!secret || !sealedSecret) throw new Error(`no second factor is offered on:\n${html}`);
  return { secret, sealedSecret };
}

/** The recovery codes on the one page that shows them. */
export function recoveryCodesOn(html: string): string[] {
  return [...html.matchAll(/<code[^>]*>((?:[A-Z2-7]{4}-){3}[A-Z2-7]{4})<\/code>/g)].map(
    ([, code = ""]) => code,
  );
}
