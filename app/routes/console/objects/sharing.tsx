import { useTranslation } from "react-i18next";
import { data, href, Link } from "react-router";
import { authorize } from "#app/domain/authorization.ts";
import { DomainError } from "#app/domain/errors.ts";
import { readObject } from "#app/domain/objects/read-object.ts";
import { shareForm } from "#app/domain/objects/schema.ts";
import { defaultShareHours, shareHours } from "#app/domain/objects/share-hours.ts";
import { type SharedLink, shareObject } from "#app/domain/objects/share-object.ts";
import { formOf } from "#app/http/forms.server.ts";
import { load, submitWith } from "#app/http/handlers.server.ts";
import { SubmitButton } from "#app/ui/form/app-form.tsx";
import { ButtonLink } from "#app/ui/form/button.tsx";
import { RadioGroupField } from "#app/ui/form/choice-fields.tsx";
import { FormPage } from "#app/ui/form/form-page.tsx";
import { useAppForm } from "#app/ui/form/use-app-form.ts";
import { SecretOnce } from "#app/ui/layout/code-block.tsx";
import { DescriptionList } from "#app/ui/layout/description-list.tsx";
import { PageHeader } from "#app/ui/layout/page-header.tsx";
import { objectBreadcrumbs } from "#app/ui/objects/breadcrumbs.ts";
import { NamedObject } from "#app/ui/objects/named-object.tsx";
import { objectHref } from "#app/ui/objects/object-address.ts";
import { shortKey } from "#app/ui/objects/object-name.tsx";
import { useBeginAtTop } from "#app/ui/use-begin-at-top.ts";
import { Timestamp } from "#app/ui/values.tsx";
import type { Route } from "./+types/sharing";
import { objectInAddress } from "./object-in-address.ts";

export function loader(args: Route.LoaderArgs) {
  return load(args, async (context) => {
    authorize(context, "objects:share");
    const { bucketId, key, versionId } = objectInAddress(args);
    const { bucket, details, shown } = await readObject(context, { bucketId, key, versionId });
    if (!details && shown?.isDeleteMarker) throw new DomainError("not-found");
    return {
      bucket,
      objectKey: key,
      versionId,
      form: formOf(shareForm, { hours: String(defaultShareHours) }),
    };
  });
}

/** The answer to the POST is the one page that holds the link: no redirect, and nothing to come back to. */
export function action(args: Route.ActionArgs) {
  return submitWith(
    args,
    (context, { hours }) => shareObject(context, { ...objectInAddress(args), hours }),
    (shared) => data({ shared }, { status: 201 }),
  );
}

export default function ShareObject({ loaderData, actionData, params }: Route.ComponentProps) {
  const props = { loaderData, params };
  if (actionData && "shared" in actionData) return <Shared {...props} shared={actionData.shared} />;
  return <ShareForm {...props} refusal={actionData} />;
}

type Props = Pick<Route.ComponentProps, "loaderData" | "params">;

function ShareForm({ loaderData, params, refusal }: Props & { refusal: Parameters<typeof useAppForm>[1] }) {
  const { t } = useTranslation();
  const [form, fields] = useAppForm(loaderData.form, refusal);
  const { bucket, objectKey: key, versionId } = loaderData;
  return (
    <FormPage
      title={t("objects.sharing.title", { name: shortKey(key) })}
      intro={t("objects.sharing.intro")}
      breadcrumbs={objectBreadcrumbs(t, params, bucket, { key })}
      form={form}
    >
      <NamedObject objectKey={key} versionId={versionId} />
      <p>{t(versionId ? "objects.sharing.version" : "objects.sharing.current")}</p>
      <RadioGroupField
        field={fields.hours}
        label={t("objects.sharing.hours")}
        hint={t("objects.sharing.longest")}
        options={shareHours.map((hours) => ({
          value: String(hours),
          label: t(`objects.sharing.choices.${hours}`),
        }))}
      />
      <SubmitButton>{t("objects.sharing.submit")}</SubmitButton>
    </FormPage>
  );
}

function Shared({ loaderData, params, shared: { url, until } }: Props & { shared: SharedLink }) {
  const { t } = useTranslation();
  useBeginAtTop();
  const { bucket, objectKey: key, versionId } = loaderData;
  return (
    <>
      <PageHeader
        title={t("objects.sharing.doneTitle", { name: shortKey(key) })}
        breadcrumbs={objectBreadcrumbs(t, params, bucket, { key })}
        actions={
          <ButtonLink to={objectHref(params, { key, versionId })}>{t("objects.sharing.back")}</ButtonLink>
        }
      />
      <div className="max-w-3xl space-y-4">
        <SecretOnce label={t("objects.sharing.link")} secret={url} title={t("objects.sharing.shownOnce")}>
          {t("objects.sharing.shownOnceText")}
        </SecretOnce>
        <DescriptionList
          items={[{ term: t("objects.sharing.until"), details: <Timestamp at={until} style="exact" /> }]}
        />
        <p>{t("objects.sharing.whoever")}</p>
        <p>
          {t("objects.sharing.howToEnd")}{" "}
          <Link to={href("/accounts/:account/settings/shared-links", params)}>
            {t("objects.sharing.endAll")}
          </Link>
        </p>
      </div>
    </>
  );
}
