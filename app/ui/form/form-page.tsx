import type { ReactNode } from "react";
import { type Breadcrumb, PageHeader } from "../layout/page-header.tsx";
import { AppForm, type AppFormProps } from "./app-form.tsx";
import { ErrorSummary } from "./error-summary.tsx";
import type { AppForm as AppFormState } from "./use-app-form.ts";

export interface FormPageProps extends Pick<AppFormProps, "action" | "encType" | "reloadDocument"> {
  title: string;
  /** What the form is for, or what happens when it is sent. */
  intro?: ReactNode;
  breadcrumbs?: Breadcrumb[];
  form: AppFormState;
  /** The fields and the submit button. */
  children: ReactNode;
  /** Below the form: other ways to go on. */
  footer?: ReactNode;
}

/** A page that is one form: what is wrong with it, its heading, its fields. */
export function FormPage(props: FormPageProps) {
  const { title, intro, breadcrumbs, form, children, footer, ...formProps } = props;
  return (
    <div className="max-w-xl">
      <ErrorSummary form={form} />
      <PageHeader title={title} description={intro} breadcrumbs={breadcrumbs} invalid={!form.valid} />
      <AppForm form={form} {...formProps} className="space-y-5">
        {children}
      </AppForm>
      {footer && <div className="mt-6">{footer}</div>}
    </div>
  );
}
