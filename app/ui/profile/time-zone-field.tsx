import { useTranslation } from "react-i18next";
import { timeZone as installationZone } from "#app/domain/time-zone.ts";
import { controlProps, Field, type FieldProps } from "../form/field.tsx";
import { formatZone } from "../format.ts";
import { useRootData } from "../root-data.ts";

export interface TimeZoneFieldProps extends FieldProps {
  /** IANA names, `America/Argentina/Salta`. */
  zones: readonly string[];
}

/** One of all zones, by part of the world: a native list, in which typing the name of a city finds it. */
export function TimeZoneField({ field, label, hint, zones }: TimeZoneFieldProps) {
  const { t } = useTranslation();
  const { locale } = useRootData();
  return (
    <Field field={field} label={label} hint={hint}>
      <select {...controlProps(field, hint)} defaultValue={field.defaultValue} className="control w-full">
        <option value="" suppressHydrationWarning>
          {t("profile.installationZone", { timeZone: formatZone(installationZone, locale) })}
        </option>
        {[...byRegion(zones)].map(([region, names]) => (
          <optgroup key={region} label={region}>
            {names.map((name) => (
              <option key={name} value={name}>
                {placeName(name)}
              </option>
            ))}
          </optgroup>
        ))}
      </select>
    </Field>
  );
}

function byRegion(zones: readonly string[]): Map<string, string[]> {
  const regions = new Map<string, string[]>();
  for (const name of zones) {
    const [region = ""] = name.split("/");
    regions.set(region, [...(regions.get(region) ?? []), name]);
  }
  return regions;
}

/** `America/Argentina/Rio_Gallegos` → "Rio Gallegos (Argentina)": the city first, since that is what people type. */
function placeName(name: string): string {
  const [city = "", ...around] = name.split("/").toReversed();
  const within = around.slice(0, -1).join(", ");
  return `${city}${within && ` (${within})`}`.replaceAll("_", " ");
}
