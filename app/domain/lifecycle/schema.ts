import { z } from "zod";

/** Which rule a form was made from: its name, and what was read of it then (`fingerprintOf`). */
export const readRule = z.object({
  bucketId: z.uuid(),
  ruleId: z.string(),
  fingerprint: z.string().regex(/^[0-9a-f]{64}$/, "invalid"),
});

/** The forms of one button, whose rule stands in the address. */
export const ruleForm = readRule.pick({ fingerprint: true });
