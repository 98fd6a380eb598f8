import { z } from "zod";
import { cursorParameter } from "../paging.ts";
import { notificationGroups, optionalKinds } from "./kinds.ts";

/** The query of the list. What does not fit is as if it were not there. A tick of a form is the text `on`. */
export const notificationFilter = z.object({
  group: z.enum(notificationGroups).optional().catch(undefined),
  unread: z.enum(["on"]).optional().catch(undefined),
  after: cursorParameter,
});

export const markReadInput = z.object({ id: z.uuid() });

export const markAllReadInput = z.object({
  /** Those that came later are left alone: nobody has seen them yet. */
  until: z.iso
    .datetime("invalid")
    .transform((text) => new Date(text))
    // Within what PostgreSQL can hold.
    .pipe(z.date("invalid").min(new Date("2000-01-01"), "invalid").max(new Date("9999-12-31"), "invalid"))
    .optional(),
});

/** Names of kinds, as check boxes of one name send them: a text for one, a list for more, nothing for none. */
const kindList = z
  .preprocess(
    (value) => (typeof value === "string" ? [value] : value),
    z.array(z.enum(optionalKinds)).max(100),
  )
  .default([]);

export const setPreferencesInput = z.object({
  /** The kinds that the form asked about: what is not ticked among these is off, and others stay as they are. */
  kinds: kindList,
  inApp: kindList,
  email: kindList,
});
