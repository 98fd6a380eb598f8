import { z } from "zod";

/** The query of what is read by month: a calendar month, the present one where none is given. */
export const usageQuery = z.object({
  month: z
    .string()
    .regex(/^20\d\d-(0[1-9]|1[0-2])$/, "invalid")
    .optional(),
});
