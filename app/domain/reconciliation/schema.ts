import { z } from "zod";
import { cursorParameter } from "../paging.ts";
import { findingKinds } from "./states.ts";

export const adoptFindingInput = z.object({
  findingId: z.uuid(),
  /** What an adopted key is called; its user's name at the engine where nothing is given. */
  name: z.string().trim().min(1).max(80).optional(),
  /** What an adopted key may do in all buckets, where its policy at the engine is none that Balde can read. */
  permission: z.enum(["read", "read_write"], "chooseOne").optional(),
  /** Raises the limit that is in the way, for operators. A tick of a form is the text `on`. */
  raiseLimit: z.preprocess((value) => value === "on" || value === true, z.boolean()).default(false),
});

export const undoFindingInput = z.object({ findingId: z.uuid() });

/** The forms, whose finding stands in the address. */
export const adoptionForm = adoptFindingInput.omit({ findingId: true });
export const undoingForm = z.object({});

export const adoptTenantInput = z.object({
  tenant: z.string().regex(/^[A-Za-z0-9_]{1,64}$/, "invalid"),
  raiseLimit: z.preprocess((value) => value === "on" || value === true, z.boolean()).default(false),
});

/** The query of a list of findings. What does not fit is as if it were not there. */
export const findingFilter = z.object({
  kind: z.enum(findingKinds).optional().catch(undefined),
  /** Closed ones instead of those that wait. */
  state: z.enum(["closed"]).optional().catch(undefined),
  /** Part of an account's name or the whole of its slug. */
  q: z.string().trim().max(200).catch(""),
  after: cursorParameter,
});
