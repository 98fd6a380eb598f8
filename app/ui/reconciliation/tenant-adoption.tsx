import { useTranslation } from "react-i18next";
import { Link, useLocation } from "react-router";
import type { TenantShown } from "#app/domain/reconciliation/read-tenants.ts";
import { SubmitButton } from "../form/app-form.tsx";
import { CheckboxField } from "../form/choice-fields.tsx";
import { FormPage } from "../form/form-page.tsx";
import { HiddenField } from "../form/hidden-field.tsx";
import type { FormSetup } from "../form/setup.ts";
import { useAppForm } from "../form/use-app-form.ts";
import { DescriptionList } from "../layout/description-list.tsx";
import { Notice } from "../layout/notice.tsx";
import type { Breadcrumb } from "../layout/page-header.tsx";
import { Bytes } from "../values.tsx";

interface TenantAdoptionProps {
  /** Null where the engine does not answer. */
  tenant: TenantShown | null;
  account: string;
  form: FormSetup<{ tenant: string; raiseLimit?: unknown }>;
  /** What the server said of the form. */
  result: Parameters<typeof useAppForm>[1];
  breadcrumbs: Breadcrumb[];
}

/** What becomes of a tenant that an account is tied to, and the button that does it. */
export function TenantAdoption({ tenant, account, form: setup, result, breadcrumbs }: TenantAdoptionProps) {
  const { t } = useTranslation();
  const [form, fields] = useAppForm(setup, result);
  const { search } = useLocation();
  return (
    <FormPage
      title={t("reconciliation.tenants.confirm", { account })}
      intro={t("reconciliation.tenants.impact")}
      breadcrumbs={breadcrumbs}
      form={form}
    >
      {tenant ? (
        <>
          <TenantFacts tenant={tenant} />
          <HiddenField field={fields.tenant} />
          <CheckboxField
            field={fields.raiseLimit}
            label={t("reconciliation.raiseLimit")}
            hint={t("reconciliation.raiseLimitHint")}
          />
          <SubmitButton>{t("reconciliation.tenants.submit")}</SubmitButton>
        </>
      ) : (
        // Nobody is asked to say yes to what they cannot see.
        <Notice tone="warning" title={t("reconciliation.tenants.unavailable")}>
          <p>
            {t("reconciliation.tenants.unavailableAdvice")} <Link to={{ search }}>{t("common.refresh")}</Link>
          </p>
        </Notice>
      )}
    </FormPage>
  );
}

/** More names than this help nobody to decide. */
const shownNames = 20;

function TenantFacts({ tenant }: { tenant: TenantShown }) {
  const { t } = useTranslation();
  const { buckets, users, displayName, maxSizeBytes, ownerKeyCount, isSuspended } = tenant;
  return (
    <DescriptionList
      items={[
        { term: t("reconciliation.tenants.name"), details: <code>{tenant.tenant}</code> },
        ...(displayName ? [{ term: t("reconciliation.fields.name"), details: displayName }] : []),
        { term: t("reconciliation.tenants.buckets"), details: <Names names={buckets} /> },
        { term: t("reconciliation.tenants.users"), details: <Names names={users} /> },
        { term: t("reconciliation.tenants.ownerKeys"), details: ownerKeyCount },
        {
          term: t("reconciliation.fields.maxSizeBytes"),
          details: maxSizeBytes === null ? t("reconciliation.unlimited") : <Bytes value={maxSizeBytes} />,
        },
        ...(isSuspended
          ? [{ term: t("reconciliation.fields.suspended"), details: t("reconciliation.tenants.wakes") }]
          : []),
      ]}
    />
  );
}

function Names({ names }: { names: string[] }) {
  const { t } = useTranslation();
  const shown = names.slice(0, shownNames).join(", ");
  if (names.length === 0) return t("reconciliation.tenants.none");
  const more = names.length - shownNames;
  return (
    <span className="break-words">
      {more > 0 ? t("reconciliation.tenants.andMore", { names: shown, count: more }) : shown}
    </span>
  );
}
