import { z } from "zod";
import { reason } from "../schema.ts";
import { sessionScopes } from "./states.ts";

export const endSessionInput = z.object({ sessionId: z.uuid() });

export const endOwnSessionsInput = z.object({ scope: z.enum(sessionScopes, "chooseOne") });

export const endSessionsOfInput = z.object({
  userId: z.uuid(),
  /** One of theirs; all of them where none is named. */
  sessionId: z.uuid().optional(),
  reason,
});
