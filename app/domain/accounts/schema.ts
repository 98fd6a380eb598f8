import { z } from "zod";
import { cursorParameter } from "../paging.ts";
import { isValidDocument, normalizeDocument } from "./document.ts";
import { accountStates, rejectionCauses } from "./states.ts";

export const accountName = z.string().trim().min(2, "tooShort").max(80);

/** A CPF or CNPJ as people type it; comes out bare. */
export const document = z.string().max(40).transform(normalizeDocument).refine(isValidDocument, "document");

export const createAccountInput = z.object({ accountName, document });
export const resubmitAccountInput = createAccountInput;

export const approveAccountInput = z.object({});
export const rejectAccountInput = z.object({
  cause: z.enum(rejectionCauses, "required"),
  reason: z.string().trim().min(1).max(1_000),
});

/** The query of the list of accounts. What does not fit is as if it were not there. */
export const accountFilter = z.object({
  q: z.string().trim().max(200).catch(""),
  state: z.enum(accountStates).optional().catch(undefined),
  after: cursorParameter,
});

export const requireSecondFactorInput = z.object({
  secondFactor: z.enum(["required", "optional"], "chooseOne"),
});
