import { z } from "zod";
import type { LifecycleRule } from "#app/ports/storage/driver.ts";
import { type LifecycleRuleValues, lifecycleRuleInput } from "../lifecycle/rule-input.ts";
import type { KeyInProgress } from "./tally.ts";
import type { Place } from "./walk.ts";

// What the JSON columns of `bucket_survey` hold; its counts are in counts.ts.

/** A rule that was to be tried, as its form said it; null for a survey of the whole alone. */
export function readRule(json: unknown): { rule: LifecycleRule; values: LifecycleRuleValues } | null {
  if (json === null || json === undefined) return null;
  return { rule: lifecycleRuleInput.parse(json), values: json };
}

/** A place in the walk. Names are escaped: an object's may hold U+0000, which PostgreSQL's JSON may not. */
export function positionToJson({ place, key }: { place: Place; key: KeyInProgress | null }): object {
  return {
    ...place,
    after: place.after && { ...place.after, object: encodeURIComponent(place.after.object) },
    key: key && { ...key, object: encodeURIComponent(key.object) },
  };
}

export function positionFromJson(json: unknown): { place: Place; key: KeyInProgress | null } | null {
  const stored = position.safeParse(json);
  if (!stored.success) return null;
  const { key, ...place } = stored.data;
  return { place, key };
}

const object = z.string().transform(decodeURIComponent);
const date = z.coerce.date();
const byDay = z.object({ today: z.boolean(), in30Days: z.boolean() });
const position = z.object({
  phase: z.enum(["uploads", "versions"]),
  after: z.object({ object, id: z.string().nullable() }).nullable(),
  workedMs: z.number(),
  tagLookups: z.number(),
  key: z
    .object({
      object,
      newerMadeAt: date.nullable(),
      noncurrent: z.number(),
      hidden: byDay,
      currentJoinsThem: z.boolean(),
      marker: z.object({ madeAt: date, somethingStays: byDay }).nullable(),
    })
    .nullable(),
});
