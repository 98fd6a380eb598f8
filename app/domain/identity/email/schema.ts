import { z } from "zod";
import { email } from "../schema.ts";

export const requestEmailChangeInput = z.object({ email });

export const confirmEmailChangeInput = z.object({ token: z.string().min(1).max(100) });
