import { z } from "zod";
import { email, linkToken } from "../schema.ts";

export const requestEmailChangeInput = z.object({ email });

export const confirmEmailChangeInput = z.object({ token: linkToken });
