import { z } from "zod";
import { cursorParameter } from "../paging.ts";
import { bucketNameProblem } from "./bucket-name.ts";

/** A name that S3 and the engine accept; what is wrong with another one is said precisely. */
export const bucketName = z
  .string()
  .trim()
  .superRefine((name, issues) => {
    const message = bucketNameProblem(name);
    if (message) issues.addIssue({ code: "custom", message });
  });

export const createBucketInput = z.object({ name: bucketName });

export const deleteBucketInput = z.object({
  bucketId: z.uuid(),
  /** Typed to confirm. A caller that names the bucket by its id alone (the API) leaves it out. */
  name: z.string().trim().max(100).optional(),
});

/** What the page asks for: there, unlike in the API, the name must be typed. */
export const confirmDeletionInput = deleteBucketInput.pick({ name: true }).required();

export const retryBucketInput = z.object({ bucketId: z.uuid() });

/** The query of the list of buckets. What does not fit is as if it were not there. */
export const bucketFilter = z.object({
  /** How the name begins. */
  q: z.string().trim().toLowerCase().max(63).catch(""),
  after: cursorParameter,
});
