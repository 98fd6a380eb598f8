import type { z } from "zod";
import type { InputIssue } from "./errors.ts";

/**
 * Zod's issues as keys into `validation.json`, so that the words are chosen where the language is
 * known. A schema that gives a message gives such a key: `z.string().min(12, "passwordTooShort")`.
 * Parse with `reportInput`, which tells a missing value from a wrong one.
 */
export function toInputIssues(issues: readonly z.core.$ZodIssue[]): InputIssue[] {
  return issues.map((issue) => ({
    path: issue.path.map((part) => (typeof part === "symbol" ? String(part) : part)),
    ...wordsFor(issue),
  }));
}

function wordsFor(issue: z.core.$ZodIssue): Pick<InputIssue, "message" | "params"> {
  switch (issue.code) {
    case "invalid_type":
      // An empty form field arrives as undefined.
      return own(issue) ?? { message: issue.input === undefined ? "required" : "invalid", params: {} };
    case "too_small":
      if (issue.origin === "string" && issue.minimum === 1)
        return own(issue) ?? { message: "required", params: {} };
      return (
        own(issue, { minimum: Number(issue.minimum) }) ?? {
          message: "tooSmall",
          params: { minimum: Number(issue.minimum) },
        }
      );
    case "too_big":
      return (
        own(issue, { maximum: Number(issue.maximum) }) ?? {
          message: issue.origin === "string" ? "tooLong" : "tooBig",
          params: { maximum: Number(issue.maximum) },
        }
      );
    case "unrecognized_keys":
      return { message: "unknownField", params: { field: issue.keys.join(", ") } };
    default:
      return own(issue) ?? { message: "invalid", params: {} };
  }
}

/** The key that the schema itself gave; Zod's built-in sentences are not keys. */
function own(issue: z.core.$ZodIssue, params: Record<string, number> = {}) {
  return /^[a-z][A-Za-z]*$/.test(issue.message) ? { message: issue.message, params } : undefined;
}
