import { z } from "zod";
import type { LifecycleRule, Tag } from "#app/ports/storage/driver.ts";
import { fingerprintOf } from "../bucket-settings/fingerprint.ts";
import { parseSize, sizeFields } from "./byte-size.ts";
import { expirations, MOST_TAGS, type SizeUnit, sizeUnits } from "./states.ts";

/**
 * A lifecycle rule as a form holds it, and what it may say: the limits are Amazon's, since an engine refuses what
 * breaks them in words that no page can show, or keeps something else.
 *
 * Source: "PutBucketLifecycleConfiguration", Amazon S3 API reference; "Lifecycle configuration elements", user guide.
 */

/** S3's integers. */
const maxDays = 2 ** 31 - 1;
/** As Amazon refuses it: 'ObjectSizeGreaterThan' should be between 0 and this. */
const maxSizeBytes = 1_099_511_627_776_000n;

/** Before the first there was no S3; gateways count nanoseconds, which are at their end in 2554. */
const [firstDate, lastDate] = ["2000-01-01", "2499-12-31"];

/** Nothing that XML 1.0 cannot carry, and nothing that a field of a form would change. */
// biome-ignore lint/suspicious/noControlCharactersInRegex: these are what is looked for.
const unspeakable = /[\u0000-\u001f\u007f-\u009f\ufffe\uffff]|\p{Surrogate}/u;
const plainText = z.string().refine((value) => !unspeakable.test(value), "lifecycleControlCharacter");
const textOfBytes = (maxBytes: number, message: string) =>
  plainText.refine((value) => Buffer.byteLength(value) <= maxBytes, message);

const wholeNumber = (maximum: number, message: string) =>
  z.coerce.number(message).int(message).min(1, message).max(maximum, message);
const days = (message: string) => wholeNumber(maxDays, message).optional();
const size = z.string();
const unit = z.enum(sizeUnits, "chooseOne").default("MiB");
const tagRow = z.object({ key: plainText.max(128).optional(), value: plainText.max(256).optional() });

/** The fields, each for itself. What is empty is not there. */
export const lifecycleRuleFields = z.object({
  /** Bytes, not letters: gateways count them so. Made up where nothing is given. */
  id: textOfBytes(255, "lifecycleNameTooLong").min(1).optional(),
  /** A tick of a form is the text `on`. */
  enabled: z.preprocess((value) => value === "on" || value === true, z.boolean()).default(false),
  prefix: textOfBytes(1_024, "lifecyclePrefixTooLong").optional(),
  /** Rows; one without a key and a value is none. */
  tags: z.array(tagRow).max(MOST_TAGS).default([]),
  sizeGreaterThan: size.optional(),
  sizeGreaterThanUnit: unit,
  sizeLessThan: size.optional(),
  sizeLessThanUnit: unit,
  /** What happens to current objects: `days` or `date` counts where it says so. */
  expiration: z.enum(expirations, "chooseOne").default("none"),
  days: days("lifecycleDays"),
  /** A day, `2026-12-31`, that begins at midnight UTC. */
  date: z.iso.date("notADate").optional(),
  noncurrentDays: days("lifecycleNoncurrentDays"),
  newerVersions: wholeNumber(100, "lifecycleNewerVersions").optional(),
  abortDays: days("lifecycleAbortDays"),
});

type Fields = z.output<typeof lifecycleRuleFields>;
/** What a form begins with, by field name. */
export type LifecycleRuleValues = Partial<z.input<typeof lifecycleRuleFields>>;

/**
 * The fields together, as the rule that they say; as the port takes it. What is wrong is said of a field, with a key of
 * `validation.json`.
 */
export const lifecycleRuleInput = lifecycleRuleFields.superRefine(checkRule).transform(ruleOf);

/** @param issues of Zod: for a schema that has these fields among others */
export function checkRule(fields: Fields, issues: z.core.$RefinementCtx): void {
  const refuse = (path: (string | number)[], message: string) =>
    issues.addIssue({ code: "custom", path, message });
  const { expiration, noncurrentDays, abortDays } = fields;

  if (expiration === "days" && fields.days === undefined) refuse(["days"], "lifecycleDaysMissing");
  if (expiration === "date") {
    if (fields.date === undefined) refuse(["date"], "lifecycleDateMissing");
    else if (fields.date < firstDate || fields.date > lastDate) refuse(["date"], "lifecycleDateOutOfBounds");
  }
  if (expiration === "none" && noncurrentDays === undefined && abortDays === undefined)
    refuse(["expiration"], "lifecycleNoAction");
  if (fields.newerVersions !== undefined && noncurrentDays === undefined)
    refuse(["noncurrentDays"], "lifecycleNewerNeedsDays");

  checkTags(fields.tags, refuse);
  const sizes = checkSizes(fields, refuse);
  const tagged = givenTags(fields.tags).length > 0;
  if (tagged || sizes) {
    if (expiration === "markers") refuse(["expiration"], "lifecycleMarkersTakeNoFilter");
    if (abortDays !== undefined) refuse(["abortDays"], "lifecycleUploadsTakeNoFilter");
  }
}

type Refuse = (path: (string | number)[], message: string) => void;

function checkTags(rows: Fields["tags"], refuse: Refuse): void {
  const seen = new Set<string>();
  for (const [index, { key, value }] of rows.entries()) {
    // Ceph takes a key of spaces for none (seen on 16.2.15), and the whole document for malformed.
    if (key ? key.trim() === "" : value) refuse(["tags", index, "key"], "lifecycleTagWithoutKey");
    if (!key) continue;
    if (seen.has(key)) refuse(["tags", index, "key"], "lifecycleTagTwice");
    seen.add(key);
  }
}

/** Whether there are any. */
function checkSizes(fields: Fields, refuse: Refuse): boolean {
  const bound = (name: "sizeGreaterThan" | "sizeLessThan", minimum: bigint) => {
    const value = fields[name];
    if (!value) return null;
    const bytes = parseSize(value, fields[`${name}Unit`]);
    if (bytes === null) refuse([name], "lifecycleNotASize");
    else if (bytes < minimum || bytes > maxSizeBytes) refuse([name], "lifecycleSizeOutOfBounds");
    return bytes;
  };
  const [greater, less] = [bound("sizeGreaterThan", 0n), bound("sizeLessThan", 1n)];
  if (greater !== null && less !== null && less <= greater) refuse(["sizeLessThan"], "lifecycleSizesCross");
  return Boolean(fields.sizeGreaterThan || fields.sizeLessThan);
}

/** The rule that checked fields say. */
export function ruleOf(fields: Fields): LifecycleRule {
  const { prefix, expiration, noncurrentDays, newerVersions, abortDays } = fields;
  const tags = givenTags(fields.tags);
  const sizeOf = (name: "sizeGreaterThan" | "sizeLessThan") => {
    const bytes = parseSize(fields[name] ?? "", fields[`${name}Unit`]);
    return bytes === null ? {} : { [name]: bytes };
  };
  const content = {
    filter: {
      ...(prefix ? { prefix } : {}),
      ...(tags.length > 0 ? { tags } : {}),
      ...sizeOf("sizeGreaterThan"),
      ...sizeOf("sizeLessThan"),
    },
    ...(expiration === "days" && fields.days !== undefined ? { expiration: { days: fields.days } } : {}),
    ...(expiration === "date" && fields.date ? { expiration: { date: new Date(fields.date) } } : {}),
    ...(expiration === "markers" ? { expiration: { expiredDeleteMarkers: true as const } } : {}),
    ...(noncurrentDays === undefined
      ? {}
      : {
          noncurrentExpiration: {
            days: noncurrentDays,
            ...(newerVersions === undefined ? {} : { newerVersions }),
          },
        }),
    ...(abortDays === undefined ? {} : { abortUploadsAfterDays: abortDays }),
  };
  return { id: fields.id ?? madeUpId(fields), enabled: fields.enabled, ...content };
}

/** The same for the same fields, so that a form that is posted twice makes one rule. */
function madeUpId({ enabled: _, ...content }: Fields): string {
  return `rule-${fingerprintOf(content).slice(0, 8)}`;
}

function givenTags(rows: Fields["tags"]): Tag[] {
  return rows.flatMap(({ key, value = "" }) => (key ? [{ key, value }] : []));
}

/**
 * Whether the form can say a rule that was read from the engine, and all of it: not one made elsewhere with actions
 * that the console does not know, a tab in its prefix, or hours in its date. Saving such a form would change the rule.
 */
export function isSayable(rule: LifecycleRule): boolean {
  const { success, data } = lifecycleRuleInput.safeParse(ruleValues(rule));
  return success && fingerprintOf(data) === fingerprintOf(rule);
}

/** What a form says of a rule, to begin with. Of a rule that is not {@link isSayable}, some of it. */
export function ruleValues(rule: LifecycleRule): LifecycleRuleValues {
  const { filter, expiration, noncurrentExpiration: noncurrent } = rule;
  return {
    id: rule.id,
    enabled: rule.enabled,
    ...(filter.prefix ? { prefix: filter.prefix } : {}),
    ...(filter.tags?.length ? { tags: filter.tags.map(({ key, value }) => ({ key, value })) } : {}),
    ...sizeValues("sizeGreaterThan", filter.sizeGreaterThan),
    ...sizeValues("sizeLessThan", filter.sizeLessThan),
    ...expirationValues(expiration),
    ...(noncurrent ? { noncurrentDays: noncurrent.days } : {}),
    ...(noncurrent?.newerVersions ? { newerVersions: noncurrent.newerVersions } : {}),
    ...(rule.abortUploadsAfterDays === undefined ? {} : { abortDays: rule.abortUploadsAfterDays }),
  };
}

function sizeValues(name: "sizeGreaterThan" | "sizeLessThan", bytes: bigint | undefined) {
  if (bytes === undefined) return {};
  const { size, unit } = sizeFields(bytes);
  return { [name]: size, [`${name}Unit`]: unit } as Record<typeof name, string> &
    Record<`${typeof name}Unit`, SizeUnit>;
}

function expirationValues(expiration: LifecycleRule["expiration"]): LifecycleRuleValues {
  if (!expiration) return { expiration: "none" };
  if ("days" in expiration) return { expiration: "days", days: expiration.days };
  if ("date" in expiration) return { expiration: "date", date: expiration.date.toISOString().slice(0, 10) };
  return { expiration: "markers" };
}
