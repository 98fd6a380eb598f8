import { useTranslation } from "react-i18next";
import { data, href } from "react-router";
import { createAccessKey } from "#app/domain/access-keys/create-access-key.ts";
import { findExampleBucket } from "#app/domain/access-keys/example-bucket.ts";
import { getKeyPolicy } from "#app/domain/access-keys/key-policy.ts";
import { publicEndpoint } from "#app/domain/access-keys/public-endpoint.ts";
import { getAccessKey, listGrantableBuckets } from "#app/domain/access-keys/read-access-keys.ts";
import { createAccessKeyInput } from "#app/domain/access-keys/schema.ts";
import { DomainError } from "#app/domain/errors.ts";
import { timeZone } from "#app/domain/time-zone.ts";
import { formOf } from "#app/http/forms.server.ts";
import { load, submitWith } from "#app/http/handlers.server.ts";
import { SubmitButton } from "#app/ui/form/app-form.tsx";
import { CheckboxGroupField, RadioGroupField } from "#app/ui/form/choice-fields.tsx";
import { DateField } from "#app/ui/form/date-field.tsx";
import { FormPage } from "#app/ui/form/form-page.tsx";
import { HiddenField } from "#app/ui/form/hidden-field.tsx";
import { TextField } from "#app/ui/form/text-field.tsx";
import { useAppForm } from "#app/ui/form/use-app-form.ts";
import { formatZone } from "#app/ui/format.ts";
import { useRootData } from "#app/ui/root-data.ts";
import type { Route } from "./+types/new";
import { AlreadyShown, CreatedKey } from "./created-key.tsx";

export function loader(args: Route.LoaderArgs) {
  return load(args, async (context) => {
    const [buckets, policy] = await Promise.all([listGrantableBuckets(context), getKeyPolicy(context)]);
    return {
      buckets,
      policy,
      form: formOf(createAccessKeyInput, {
        permission: "read_write",
        scope: "all",
        requestId: crypto.randomUUID(),
        ...(policy.latestDay ? { expiresOn: policy.latestDay } : {}),
      }),
      ...publicEndpoint(),
    };
  });
}

/** The answer to the POST is the one page that holds the secret: no redirect, and nothing to come back to. */
export function action(args: Route.ActionArgs) {
  return submitWith(
    args,
    async (context, input) => {
      const created = await createAccessKey(context, input).catch(orAlreadyShown);
      if ("shown" in created) return created;
      return { created, bucket: await findExampleBucket(context, await getAccessKey(context, created.id)) };
    },
    (answer) => ("shown" in answer ? data(answer, { status: 409 }) : data(answer, { status: 201 })),
  );
}

function orAlreadyShown(error: unknown): { shown: { id: string } } {
  if (!(error instanceof DomainError) || error.code !== "secret-already-shown") throw error;
  return { shown: { id: String(error.params.id) } };
}

export default function NewAccessKey({ loaderData, actionData, params }: Route.ComponentProps) {
  const { endpoint, region } = loaderData;
  if (actionData && "created" in actionData) {
    const { created, bucket } = actionData;
    const { accessKeyId, secretAccessKey } = created;
    const connection = { endpoint, region, bucket, accessKeyId, secretAccessKey };
    return <CreatedKey created={created} connection={connection} params={params} />;
  }
  if (actionData && "shown" in actionData) return <AlreadyShown id={actionData.shown.id} params={params} />;
  return <KeyForm loaderData={loaderData} refusal={actionData} params={params} />;
}

type Props = Pick<Route.ComponentProps, "loaderData" | "params"> & {
  refusal: Parameters<typeof useAppForm>[1];
};

function KeyForm({ loaderData, refusal, params }: Props) {
  const { t } = useTranslation();
  const { locale } = useRootData();
  const { policy } = loaderData;
  const [form, fields] = useAppForm(loaderData.form, refusal);
  return (
    <FormPage
      title={t("accessKeys.new.title")}
      intro={t("accessKeys.new.intro")}
      breadcrumbs={[{ label: t("accessKeys.title"), to: href("/accounts/:account/access-keys", params) }]}
      form={form}
    >
      <HiddenField field={fields.requestId} />
      <TextField
        field={fields.name}
        label={t("accessKeys.name")}
        hint={t("accessKeys.nameHint")}
        autoComplete="off"
      />
      <RadioGroupField
        field={fields.permission}
        label={t("accessKeys.permission")}
        options={[
          {
            value: "read_write",
            label: t("accessKeys.permissions.read_write"),
            hint: t("accessKeys.permissionHints.read_write"),
          },
          {
            value: "read",
            label: t("accessKeys.permissions.read"),
            hint: t("accessKeys.permissionHints.read"),
          },
        ]}
      />
      <RadioGroupField
        field={fields.scope}
        label={t("accessKeys.scope")}
        options={[
          { value: "all", label: t("accessKeys.scopes.all"), hint: t("accessKeys.scopeHints.all") },
          { value: "chosen", label: t("accessKeys.scopes.chosen"), hint: t("accessKeys.scopeHints.chosen") },
        ]}
      />
      {loaderData.buckets.length > 0 && (
        <div className="chosen-buckets">
          <CheckboxGroupField
            // Not marked as optional: whether it is depends on the choice above.
            field={{ ...fields.buckets, required: true }}
            label={t("accessKeys.buckets")}
            hint={t("accessKeys.bucketsHint")}
            options={loaderData.buckets.map(({ id, name }) => ({ value: id, label: name }))}
          />
        </div>
      )}
      <DateField
        field={{
          ...fields.expiresOn,
          min: policy.today,
          max: policy.latestDay ?? undefined,
          required: policy.latestDay !== null,
        }}
        label={t("accessKeys.expiresOn")}
        hint={
          <span suppressHydrationWarning>
            {policy.maxAgeDays === null
              ? t("accessKeys.expiresOnHint", { timeZone: formatZone(timeZone, locale) })
              : t("keySettings.policy.expiresOnHint", {
                  count: policy.maxAgeDays,
                  timeZone: formatZone(timeZone, locale),
                })}
          </span>
        }
      />
      <SubmitButton>{t("accessKeys.new.submit")}</SubmitButton>
    </FormPage>
  );
}
