import { z } from "zod";

/** A ticked box of a form, or JSON's true. */
const ticked = z.preprocess((value) => value === "on" || value === true, z.boolean()).default(false);

export const testConnectionInput = z.object({
  /** The key's. */
  id: z.uuid(),
  /** As somebody pasted it; without one only the way to the engine is tested. Named so that no form keeps it. */
  secret: z.string().trim().min(1).max(200).optional(),
  /** Id of a bucket that the key reaches; the first by name where none is chosen. */
  bucket: z.uuid("chooseOne").optional(),
  /** Writes a few bytes into the bucket, and removes them. */
  write: ticked,
});

/** What the form asks for: the key is in the address. */
export const testConnectionForm = testConnectionInput.omit({ id: true });
