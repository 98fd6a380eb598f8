import { z } from "zod";
import { cursorParameter } from "../paging.ts";
import { accessKeyFilters } from "./states.ts";

/** More than anyone ticks by hand; who needs more wants all of them. */
const maxBuckets = 200;

export const createAccessKeyInput = z
  .object({
    name: z.string().trim().min(1).max(80),
    permission: z.enum(["read", "read_write"], "chooseOne"),
    /** `all`: every bucket of the account, those made later too. */
    scope: z.enum(["all", "chosen"], "chooseOne"),
    /** Ids of the chosen buckets. A form with one tick sends one text. */
    buckets: z
      .preprocess(
        (value) => (typeof value === "string" ? [value] : value),
        z.array(z.uuid("chooseOne")).max(maxBuckets),
      )
      .default([]),
    /** The last day on which the key works, `2026-12-31`, in the installation's time zone. */
    expiresOn: z.iso.date("notADate").optional(),
    /** The same for a form that is posted twice, so that it makes one key. */
    requestId: z.uuid().default(() => crypto.randomUUID()),
  })
  .superRefine(({ scope, buckets }, issues) => {
    if (scope === "chosen" && buckets.length === 0) {
      issues.addIssue({ code: "custom", path: ["buckets"], message: "chooseABucket" });
    }
  });

export const revokeAccessKeyInput = z.object({ id: z.uuid() });

export const switchAccessKeyInput = z.object({ id: z.uuid() });

/** Days; empty where keys may get as old as they like. */
export const keyPolicyInput = z.object({
  maxAgeDays: z.coerce.number("keyAgeDays").int("keyAgeDays").min(1).max(3650).optional(),
});

/** The query of the list of access keys. What does not fit is as if it were not there. */
export const accessKeyFilter = z.object({
  q: z.string().trim().max(200).catch(""),
  state: z.enum(accessKeyFilters).optional().catch(undefined),
  after: cursorParameter,
});
