import type { ReactNode } from "react";
import { useTranslation } from "react-i18next";
import { href } from "react-router";
import { SubmitButton } from "#app/ui/form/app-form.tsx";
import { FormPage } from "#app/ui/form/form-page.tsx";
import { type RefusedSubmission, useAppForm } from "#app/ui/form/use-app-form.ts";
import { KeyInShort, type ShortKey } from "./key-in-short.tsx";

interface KeyConfirmationProps {
  accessKey: ShortKey;
  params: { account: string; key: string };
  title: string;
  intro: string;
  submit: string;
  isDangerous?: boolean;
  refusal: RefusedSubmission | undefined;
  footer?: ReactNode;
}

/** A page that asks before something is done with one key. */
export function KeyConfirmation(props: KeyConfirmationProps) {
  const { accessKey, params, title, intro, submit, isDangerous = false, refusal, footer } = props;
  const { t } = useTranslation();
  const [form] = useAppForm({ constraint: {}, defaultValue: {} }, refusal);
  return (
    <FormPage
      title={title}
      intro={intro}
      breadcrumbs={[
        { label: t("accessKeys.title"), to: href("/accounts/:account/access-keys", params) },
        { label: accessKey.name, to: href("/accounts/:account/access-keys/:key", params) },
      ]}
      form={form}
      footer={footer}
    >
      <KeyInShort accessKey={accessKey} />
      <SubmitButton variant={isDangerous ? "danger" : "primary"}>{submit}</SubmitButton>
    </FormPage>
  );
}
