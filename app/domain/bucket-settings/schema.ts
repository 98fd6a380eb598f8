import { z } from "zod";
import { normalizeOrigin } from "./cors-origin.ts";
import { corsMethods, DIRECT_UPLOADS_RULE, MOST_TAGS, quotaUnits } from "./states.ts";

const bucketId = z.uuid();

/** What `fingerprintOf` said of the settings that the form was made from. */
const fingerprint = z.string().regex(/^[0-9a-f]{64}$/);

export const setVersioningInput = z.object({
  bucketId,
  versioning: z.enum(["enabled", "suspended"], "chooseOne"),
});

/** The lines of a text, without what is empty or said twice. */
const lines = z
  .string()
  .max(60_000)
  .default("")
  .transform((text) => [
    ...new Set(
      text
        .split(/\r\n|\r|\n/)
        .map((line) => line.trim())
        .filter((line) => line !== ""),
    ),
  ]);

/**
 * A header's name (RFC 9110, token), with one `*` at most where that may stand for anything. Between the two runs of
 * letters there is always that `*`: otherwise a long line that is none would be tried at every place to split it.
 */
const headerName = /^[\w!#$%&'+.^`|~-]+$/;
const headerPattern = /^[\w!#$%&'+.^`|~-]*(?:\*[\w!#$%&'+.^`|~-]*)?$/;

/** A rule for requests from other sites, as its form has it. Limits are S3's. */
const corsRuleFields = z.object({
  name: z
    .string()
    .trim()
    .max(255)
    .refine((name) => name !== DIRECT_UPLOADS_RULE, "corsReservedName")
    .optional(),
  origins: lines.transform((origins, issues) => {
    if (origins.length === 0) issues.addIssue({ code: "custom", message: "corsNoOrigin" });
    const normal = origins.map(normalizeOrigin);
    if (normal.includes(null)) issues.addIssue({ code: "custom", message: "corsOrigin" });
    return [...new Set(normal.filter((origin) => origin !== null))];
  }),
  /** A form with one tick sends one text. */
  methods: z.preprocess(
    (value) => (typeof value === "string" ? [value] : value),
    z.array(z.enum(corsMethods, "chooseOne"), "corsNoMethod").min(1, "corsNoMethod").max(5),
  ),
  headers: lines.refine((names) => names.every((name) => headerPattern.test(name)), "corsHeader"),
  exposeHeaders: lines.refine((names) => names.every((name) => headerName.test(name)), "corsExposedHeader"),
  maxAgeSeconds: z
    .string()
    .trim()
    .regex(/^\d{1,9}$/, "notAWholeNumber")
    .transform(Number)
    .optional(),
});

export const addCorsRuleInput = corsRuleFields.extend({ bucketId });

/** Which rule: where it stands, from 1, and a fingerprint of what stood there. */
const whichRule = { bucketId, position: z.coerce.number().int().min(1).max(1_000), fingerprint };

export const replaceCorsRuleInput = corsRuleFields.extend(whichRule);
export const deleteCorsRuleInput = z.object(whichRule);

export const directUploadsInput = z.object({ bucketId });

/** Letters, digits and spaces of any language, and these signs (S3). */
const tagText = /^[\p{L}\p{Z}\p{N}_.:/=+\-@]*$/u;
const tagKey = z.string().default("");
const tagValue = z.string().default("");

/** Rows of a form; those that are empty in both columns are none. */
const tagRows = z
  .array(z.object({ key: tagKey, value: tagValue }))
  .max(100)
  .default([])
  .superRefine((rows, issues) => {
    const keys = new Set<string>();
    for (const [row, { key, value }] of rows.entries()) {
      if (key === "" && value === "") continue;
      const say = (field: "key" | "value", message: string) =>
        issues.addIssue({ code: "custom", path: [row, field], message });
      // S3 counts characters, not UTF-16 units.
      if (key.trim() === "") say("key", "tagWithoutKey");
      else if ([...key].length > 128) say("key", "tagKeyTooLong");
      else if (!tagText.test(key)) say("key", "tagCharacters");
      else if (/^aws:/i.test(key)) say("key", "tagReserved");
      else if (keys.has(key)) say("key", "tagTwice");
      if ([...value].length > 256) say("value", "tagValueTooLong");
      else if (!tagText.test(value)) say("value", "tagCharacters");
      keys.add(key);
    }
    if (keys.size > MOST_TAGS) issues.addIssue({ code: "custom", message: "tooManyTags" });
  })
  .transform((rows) => rows.filter(({ key }) => key !== ""));

export const setTagsInput = z.object({ bucketId, fingerprint, tags: tagRows });

export const setQuotaInput = z.object({
  bucketId,
  fingerprint,
  /** As people type it, “1,5”; none for no limit. `quota-amount.ts` reads it, which needs to know the language. */
  size: z.string().trim().max(40).optional(),
  sizeUnit: z.enum(quotaUnits, "chooseOne").default("GiB"),
  objects: z.string().trim().max(40).optional(),
  /** A ticked box: less than what is there already is what they mean. */
  acceptsBelowUse: z.preprocess((value) => value === "on" || value === true, z.boolean()).default(false),
});
