import { z } from "zod";

/** S3's limit, in bytes of UTF-8. */
export const longestObjectKeyBytes = 1024;

/**
 * The key of an object: any text of 1 to 1,024 bytes of UTF-8, newlines, leading slashes and `..` included. Not
 * trimmed: ` a` and `a` are two objects. NUL and lone surrogates are in no key, since neither is in any text of ours.
 */
export const objectKeyInput = z.string().min(1).superRefine(mustFit);

/** How keys begin; the empty one is the whole bucket. */
export const objectPrefixInput = z.string().superRefine(mustFit);

function mustFit(text: string, issues: z.RefinementCtx<string>): void {
  if (text.includes("\0") || !text.isWellFormed()) issues.addIssue({ code: "custom", message: "invalid" });
  else if (Buffer.byteLength(text) > longestObjectKeyBytes)
    issues.addIssue({ code: "custom", message: "objectKeyTooLong" });
}
