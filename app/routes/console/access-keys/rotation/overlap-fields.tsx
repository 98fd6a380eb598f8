import { useTranslation } from "react-i18next";
import type { OverlapBounds } from "#app/domain/rotations/overlap.ts";
import { timeZone } from "#app/domain/time-zone.ts";
import { RadioGroupField } from "#app/ui/form/choice-fields.tsx";
import { DateField } from "#app/ui/form/date-field.tsx";
import type { FormField } from "#app/ui/form/field.tsx";
import { formatTime, formatZone } from "#app/ui/format.ts";
import { useRootData } from "#app/ui/root-data.ts";

interface OverlapFieldsProps {
  fields: { overlap: FormField; untilDay: FormField };
  bounds: OverlapBounds;
  /** Which words: how long, or how much longer. */
  kind: "start" | "extension";
}

/** For how long both keys work: a number of days, or a day. */
export function OverlapFields({ fields, bounds, kind }: OverlapFieldsProps) {
  const { t } = useTranslation();
  const { locale } = useRootData();
  const { days, earliestDay, latestDay } = bounds;
  // Noon, so that the day is the same in every zone that it may be read in.
  const latest = formatTime(`${latestDay}T15:00:00Z`, locale, timeZone, "date");
  return (
    <>
      <RadioGroupField
        field={fields.overlap}
        label={t(`rotations.${kind}.overlap`)}
        hint={
          <span suppressHydrationWarning>
            {t("rotations.overlapHint", { zone: formatZone(timeZone, locale) })}
          </span>
        }
        options={[
          ...days.map((count) => ({
            value: count,
            label: t(`rotations.${kind}.days`, { count: Number(count) }),
          })),
          { value: "date", label: t("rotations.untilChosenDay") },
        ]}
      />
      <DateField
        // Not marked as optional: whether it is depends on the choice above.
        field={{ ...fields.untilDay, required: true, min: earliestDay, max: latestDay }}
        label={t("rotations.untilDay")}
        hint={<span suppressHydrationWarning>{t("rotations.untilDayHint", { latest })}</span>}
      />
    </>
  );
}
