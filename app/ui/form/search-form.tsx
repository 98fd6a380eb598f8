import type { ReactNode } from "react";
import { useTranslation } from "react-i18next";
import { Form } from "react-router";
import { buttonClass } from "./button.tsx";

export interface SearchFormProps {
  /** What is searched, for those who do not see the field: "Search accounts by name or document". */
  label: string;
  /** Name of the query parameter. */
  name?: string;
  value: string;
  action?: string;
  /** More filters: selects and the like, with their labels. */
  children?: ReactNode;
}

/** A search: a GET form, so that its answer has an address. */
export function SearchForm({ label, name = "q", value, action, children }: SearchFormProps) {
  const { t } = useTranslation();
  return (
    <Form role="search" action={action} className="flex max-w-3xl flex-wrap items-end gap-3">
      <label className="block grow basis-56">
        <span className="text-sm font-semibold">{label}</span>
        <input type="search" name={name} defaultValue={value} className="control mt-1 block w-full" />
      </label>
      {children}
      <button type="submit" className={buttonClass("secondary")}>
        {t("common.form.search")}
      </button>
    </Form>
  );
}
