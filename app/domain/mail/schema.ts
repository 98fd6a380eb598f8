import { z } from "zod";
import { cursorParameter } from "../paging.ts";
import { emailStates } from "./states.ts";

export const retryEmailInput = z.object({ emailId: z.uuid() });

/** The query of the outbox. What does not fit is as if it were not there. */
export const emailFilter = z.object({
  state: z.enum(emailStates).optional().catch(undefined),
  message: z
    .string()
    .regex(/^[a-z-]{1,60}$/)
    .optional()
    .catch(undefined),
  after: cursorParameter,
});
