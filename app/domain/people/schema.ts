import { z } from "zod";

export const exportDataInput = z.object({});

/** The address, typed to confirm. */
export const closeUserInput = z.object({ email: z.string().trim().toLowerCase().min(1).max(254) });
