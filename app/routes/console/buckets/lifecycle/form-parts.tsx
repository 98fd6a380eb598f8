import { type ReactNode, useId } from "react";
import { useTranslation } from "react-i18next";
import { MOST_TAGS, sizeUnits } from "#app/domain/lifecycle/states.ts";
import { controlProps, Field, FieldBox, FieldNotes, type FormField } from "#app/ui/form/field.tsx";
import type { AppForm } from "#app/ui/form/use-app-form.ts";

/** Some fields under one heading. */
export function FormPart({ title, hint, children }: { title: string; hint?: string; children: ReactNode }) {
  const hintId = useId();
  return (
    <fieldset
      aria-describedby={hint && hintId}
      className="min-w-0 space-y-4 rounded-card border border-line bg-surface px-4 pt-2 pb-5 sm:px-5"
    >
      <legend className="-ms-1 mb-1 px-1 text-lg font-semibold">{title}</legend>
      {hint && (
        <p id={hintId} className="text-sm text-muted">
          {hint}
        </p>
      )}
      {children}
    </fieldset>
  );
}

/** A number and its unit. */
export function SizeField({ field, unit, label }: { field: FormField; unit: FormField; label: string }) {
  const { t } = useTranslation();
  const hint = t("lifecycle.form.sizeHint");
  return (
    <Field field={field} label={label} hint={hint}>
      <span className="flex items-center gap-2">
        <input
          {...controlProps(field, hint)}
          type="text"
          inputMode="decimal"
          autoComplete="off"
          defaultValue={field.defaultValue}
          className="control w-32"
        />
        <select
          id={unit.id}
          name={unit.name}
          aria-label={t("lifecycle.form.unit", { field: label })}
          defaultValue={unit.defaultValue}
          className="control w-24"
        >
          {sizeUnits.map((name) => (
            <option key={name} value={name}>
              {name}
            </option>
          ))}
        </select>
      </span>
    </Field>
  );
}

/** Rows in sight at once; the others open below them. */
const firstRows = 2;

/** Rows of a key and a value each. One that is left empty is none. */
export function TagFields({ form }: { form: AppForm }) {
  const { t } = useTranslation();
  const hintId = useId();
  const rows = Array.from({ length: MOST_TAGS }, (_, index) => ({
    number: index + 1,
    tagKey: form.field(`tags[${index}].key`),
    value: form.field(`tags[${index}].value`),
  }));
  const [first, others] = [rows.slice(0, firstRows), rows.slice(firstRows)];
  const isUsed = others.some(({ tagKey, value }) =>
    [tagKey, value].some((field) => field.defaultValue || field.errors),
  );
  return (
    <fieldset aria-describedby={hintId}>
      <legend className="font-semibold">
        {t("lifecycle.form.tags")} <span className="font-normal text-muted">{t("common.form.optional")}</span>
      </legend>
      <p id={hintId} className="text-sm text-muted">
        {t("lifecycle.form.tagsHint")}
      </p>
      <div className="mt-2 space-y-3">
        {first.map((row) => (
          <TagRow key={row.number} {...row} />
        ))}
      </div>
      <details open={isUsed} className="mt-3">
        <summary className="w-fit py-1">{t("lifecycle.form.moreTags")}</summary>
        <div className="mt-2 space-y-3">
          {others.map((row) => (
            <TagRow key={row.number} {...row} />
          ))}
        </div>
      </details>
    </fieldset>
  );
}

interface TagRowProps {
  number: number;
  tagKey: FormField;
  value: FormField;
}

function TagRow({ number, tagKey, value }: TagRowProps) {
  const { t } = useTranslation();
  return (
    <div className="grid gap-x-3 gap-y-2 sm:grid-cols-2">
      <TagText field={tagKey} label={t("lifecycle.form.tagKey", { number })} />
      <TagText field={value} label={t("lifecycle.form.tagValue", { number })} />
    </div>
  );
}

function TagText({ field, label }: { field: FormField; label: string }) {
  return (
    <FieldBox field={field}>
      <label htmlFor={field.id} className="block w-fit text-sm">
        {label}
      </label>
      <FieldNotes field={field} hint={undefined} />
      <input
        {...controlProps(field, undefined)}
        type="text"
        autoComplete="off"
        autoCapitalize="none"
        spellCheck={false}
        defaultValue={field.defaultValue}
        className="control w-full"
      />
    </FieldBox>
  );
}
