import { z } from "zod";
import { changeLocaleInput, personName } from "../schema.ts";

/** Every zone that a person may choose: the IANA names that this Node knows, and UTC, which its list leaves out. */
export const timeZones: readonly string[] = [...new Set([...Intl.supportedValuesOf("timeZone"), "UTC"])];

export const updateProfileInput = z.object({
  name: personName,
  locale: changeLocaleInput.shape.locale,
  /** Null, or nothing chosen, is the installation's. */
  timeZone: z
    .enum(timeZones, "chooseOne")
    .nullish()
    .transform((name) => name ?? null),
});
