import { createContext, type MouseEvent, type ReactNode, useContext } from "react";
import { useTranslation } from "react-i18next";
import { Form, type FormProps, useFormAction, useNavigation } from "react-router";
import { Notice } from "../layout/notice.tsx";
import { useRootData } from "../root-data.ts";
import { type ButtonVariant, buttonClass } from "./button.tsx";
import type { AppForm as AppFormState } from "./use-app-form.ts";

export interface AppFormProps {
  /** From `useAppForm`; a form that is only a button has none. */
  form?: AppFormState;
  /** Where it posts; the page's own address by default. */
  action?: string;
  encType?: FormProps["encType"];
  /** Loads the answer as a new document, for what changes the page as a whole (its language). */
  reloadDocument?: boolean;
  className?: string;
  children: ReactNode;
}

const FormActionContext = createContext<string | undefined>(undefined);

/**
 * A form that posts, with the token that proves to the server that it came from our page.
 *
 * What a browser would say of a wrong value in a bubble, the error summary says in the page.
 */
export function AppForm({ form, action, children, ...props }: AppFormProps) {
  const { formToken } = useRootData();
  const resolvedAction = useFormAction(action);
  return (
    <Form method="post" action={action} id={form?.id} noValidate={form !== undefined} {...props}>
      <input type="hidden" name="formToken" value={formToken} />
      {form?.isRestored && <RestoredNotice />}
      <FormActionContext value={resolvedAction}>{children}</FormActionContext>
    </Form>
  );
}

function RestoredNotice() {
  const { t } = useTranslation();
  return (
    <Notice tone="warning" title={t("common.draft.restoredTitle")}>
      {t("common.draft.restored")}
    </Notice>
  );
}

export interface SubmitButtonProps {
  variant?: ButtonVariant;
  children: ReactNode;
  /** Name and value of the button, for a choice made by submitting. */
  name?: string;
  value?: string;
}

/**
 * Sends the form. While the answer is under way it says so and ignores a second click; without
 * JavaScript a second click is sent, and the server sees to it that it does no harm.
 */
export function SubmitButton({ variant = "primary", children, ...props }: SubmitButtonProps) {
  const { t } = useTranslation();
  const navigation = useNavigation();
  const action = useContext(FormActionContext);
  const pending = navigation.formMethod === "POST" && navigation.formAction === action;

  function ignoreWhilePending(event: MouseEvent) {
    if (pending) event.preventDefault();
  }

  return (
    <button
      {...props}
      type="submit"
      aria-disabled={pending || undefined}
      onClick={ignoreWhilePending}
      className={`${buttonClass(variant)} aria-disabled:opacity-70`}
    >
      {pending ? t("common.form.sending") : children}
    </button>
  );
}
