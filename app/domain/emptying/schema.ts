import { z } from "zod";

export const emptyBucketInput = z.object({
  bucketId: z.uuid(),
  /** Typed to confirm. */
  name: z.string().trim().max(100),
  /** Once it is empty. */
  deletesBucket: z.preprocess((value) => value === "on" || value === true, z.boolean()).default(false),
});

/** What the page asks for. */
export const confirmEmptyingInput = emptyBucketInput.omit({ bucketId: true });

export const stopEmptyingInput = z.object({ bucketId: z.uuid() });
