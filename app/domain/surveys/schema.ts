import { z } from "zod";

export const requestSurveyInput = z.object({ bucketId: z.uuid() });

/** Of every bucket of the account. */
export const requestSurveysInput = z.object({});
