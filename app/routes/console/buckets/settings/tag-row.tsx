import { useTranslation } from "react-i18next";
import { controlProps, FieldBox, FieldNotes, type FormField } from "#app/ui/form/field.tsx";
import type { AppForm } from "#app/ui/form/use-app-form.ts";

/** One tag of the form: a key and its value, side by side where there is room. */
export function TagRow({ form, index }: { form: AppForm; index: number }) {
  const { t } = useTranslation();
  const number = index + 1;
  return (
    <li className="grid gap-x-3 gap-y-1 sm:grid-cols-2">
      <Cell field={form.field(`tags[${index}].key`)} label={t("bucketSettings.tags.key", { number })} />
      <Cell field={form.field(`tags[${index}].value`)} label={t("bucketSettings.tags.value", { number })} />
    </li>
  );
}

/** A field without the mark of what is optional: all of them are, and the page says so once. */
function Cell({ field, label }: { field: FormField; label: string }) {
  return (
    <FieldBox field={field}>
      <label htmlFor={field.id} className="block w-fit text-sm font-semibold">
        {label}
      </label>
      <FieldNotes field={field} hint={undefined} />
      <input
        {...controlProps(field, undefined)}
        type="text"
        defaultValue={field.defaultValue}
        autoComplete="off"
        autoCapitalize="none"
        spellCheck={false}
        className="control mt-1 w-full"
      />
    </FieldBox>
  );
}
