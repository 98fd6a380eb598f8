import { z } from "zod";

/** For how many days both keys work, as forms offer it. */
export const overlapDays = ["1", "7", "14", "30"] as const;

const overlapChoices = [...overlapDays, "date"] as const;
export type OverlapChoice = (typeof overlapChoices)[number];

/** A number of days, or a day that is chosen: both end with the day, in the installation's time zone. */
const overlap = {
  overlap: z.enum(overlapChoices, "chooseOne"),
  /** The last day on which both keys work, `2026-12-31`, where `overlap` is `date`. */
  untilDay: z.iso.date("notADate").optional(),
};

interface Overlap {
  overlap: OverlapChoice;
  untilDay?: string | undefined;
}

function requireDay({ overlap, untilDay }: Overlap, issues: z.RefinementCtx): void {
  if (overlap === "date" && untilDay === undefined) {
    issues.addIssue({ code: "custom", path: ["untilDay"], message: "required" });
  }
}

export const startRotationInput = z
  .object({
    /** Of the key that is replaced. */
    id: z.uuid(),
    /** What the new key is called. */
    name: z.string().trim().min(1).max(80),
    ...overlap,
    /** The last day on which the new key works, `2026-12-31`. */
    expiresOn: z.iso.date("notADate").optional(),
    /** The same for a form that is posted twice, so that it makes one key. */
    requestId: z.uuid().default(() => crypto.randomUUID()),
  })
  .superRefine(requireDay);

export type StartRotationForm = z.input<typeof startRotationInput>;

export const extendRotationInput = z
  .object({
    /** Of the key that is replaced. */
    id: z.uuid(),
    /** Until when both work as the form was shown: days count from there, once. */
    shownUntil: z.iso.datetime(),
    ...overlap,
  })
  .superRefine(requireDay);

export const finishRotationInput = z.object({ id: z.uuid() });

export const undoRotationInput = z.object({
  id: z.uuid(),
  /** What becomes of the key that was made. */
  newKey: z.enum(["revoke", "keep"], "chooseOne"),
});
