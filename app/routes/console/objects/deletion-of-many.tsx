import { useTranslation } from "react-i18next";
import { data } from "react-router";
import { authorize } from "#app/domain/authorization.ts";
import { DomainError } from "#app/domain/errors.ts";
import { type DeletedObjects, deleteObjects } from "#app/domain/objects/delete-objects.ts";
import { readVersioning } from "#app/domain/objects/read-versioning.ts";
import { load, redirectWithFlash, submitWith } from "#app/http/handlers.server.ts";
import { translator } from "#app/http/i18n.server.ts";
import { uuidOr404 } from "#app/http/middleware.server.ts";
import { SubmitButton } from "#app/ui/form/app-form.tsx";
import { ButtonLink } from "#app/ui/form/button.tsx";
import { FormPage } from "#app/ui/form/form-page.tsx";
import { useAppForm } from "#app/ui/form/use-app-form.ts";
import { EmptyState } from "#app/ui/layout/empty-state.tsx";
import { Notice } from "#app/ui/layout/notice.tsx";
import { PageHeader } from "#app/ui/layout/page-header.tsx";
import { objectBreadcrumbs } from "#app/ui/objects/breadcrumbs.ts";
import { ChosenObjects } from "#app/ui/objects/chosen-objects.tsx";
import { type ObjectView, objectsHref } from "#app/ui/objects/object-address.ts";
import { decodeObject } from "#app/ui/objects/object-field.ts";
import { useBeginAtTop } from "#app/ui/use-begin-at-top.ts";
import type { Route } from "./+types/deletion-of-many";

/** The list that the objects were chosen in. */
function placeOf({ searchParams }: URL) {
  const view: ObjectView = searchParams.get("view") === "versions" ? "versions" : "current";
  return { prefix: searchParams.get("prefix") ?? "", view };
}

export function loader(args: Route.LoaderArgs) {
  return load(args, async (context) => {
    authorize(context, "objects:delete");
    const bucket = await readVersioning(context, uuidOr404(args.params.bucket));
    return { ...bucket, ...placeOf(args.url) };
  });
}

/**
 * The list posts what was chosen: the answer is the page that asks whether they are meant, and that page posts the same
 * again, confirmed. The names are in the forms alone, since an address has no room for a hundred of them.
 */
export function action(args: Route.ActionArgs) {
  const t = translator(args.context);
  return submitWith(
    args,
    async (context, { objects, confirmed }) => {
      const chosen = objects === undefined ? [] : [objects].flat();
      if (confirmed === undefined) return { chosen: chosen.map(String) };
      const input = { bucketId: uuidOr404(args.params.bucket), objects: chosen.map(objectOf) };
      return deleteObjects(context, input);
    },
    async (answer) => {
      if ("chosen" in answer) return data(answer);
      if (answer.failed.length > 0) return data(answer, { status: 502 });
      const list = objectsHref(args.params, placeOf(args.url));
      return redirectWithFlash(list, t("objects.deletionOfMany.done", { count: answer.deleted }));
    },
  );
}

function objectOf(value: unknown) {
  const object = decodeObject(String(value));
  if (!object) throw new DomainError("unreadable-body");
  return object;
}

export default function DeleteObjects({ loaderData, actionData, params }: Route.ComponentProps) {
  if (actionData && "failed" in actionData)
    return <Failed loaderData={loaderData} params={params} outcome={actionData} />;
  const isChoice = actionData !== undefined && "chosen" in actionData;
  return (
    <Confirmation
      loaderData={loaderData}
      params={params}
      chosen={isChoice ? actionData.chosen : []}
      refusal={isChoice ? undefined : actionData}
    />
  );
}

type Props = Pick<Route.ComponentProps, "loaderData" | "params">;

interface ConfirmationProps extends Props {
  chosen: string[];
  refusal: Parameters<typeof useAppForm>[1];
}

function Confirmation({ loaderData, params, chosen, refusal }: ConfirmationProps) {
  const { t } = useTranslation();
  useBeginAtTop();
  // What was chosen comes back with a refusal, and with a form that outlived its session.
  const [form, fields] = useAppForm({ constraint: {}, defaultValue: { objects: chosen } }, refusal);
  const { bucket, versioning, prefix, view } = loaderData;
  const list = objectsHref(params, { prefix, view });
  const breadcrumbs = objectBreadcrumbs(t, params, bucket, { prefix });
  const values = fields.objects.defaultOptions;
  const objects = values.flatMap((value) => decodeObject(value) ?? []);
  if (objects.length === 0) {
    return (
      <>
        <PageHeader title={t("objects.deletionOfMany.nothing")} breadcrumbs={breadcrumbs} />
        <EmptyState
          title={t("objects.deletionOfMany.nothing")}
          action={<ButtonLink to={list}>{t("objects.deletionOfMany.back")}</ButtonLink>}
        >
          {t("objects.deletionOfMany.nothingAdvice")}
        </EmptyState>
      </>
    );
  }
  const count = objects.length;
  const areVersions = objects.some(({ versionId }) => versionId);
  return (
    <FormPage
      title={t(areVersions ? "objects.deletionOfMany.versionsTitle" : "objects.deletionOfMany.title", {
        count,
      })}
      intro={t(areVersions ? "objects.deletionOfMany.versions" : `objects.deletionOfMany.${versioning}`)}
      breadcrumbs={breadcrumbs}
      form={form}
      footer={<ButtonLink to={list}>{t("objects.deletionOfMany.cancel")}</ButtonLink>}
    >
      <ChosenObjects label={t("objects.deletionOfMany.names")} objects={objects} />
      {values.map((value) => (
        <input key={value} type="hidden" name="objects" value={value} />
      ))}
      <input type="hidden" name="confirmed" value="on" />
      <SubmitButton variant="danger">{t("objects.deletionOfMany.submit")}</SubmitButton>
    </FormPage>
  );
}

/** What the engine would not remove, by name. */
function Failed({ loaderData, params, outcome: { deleted, failed } }: Props & { outcome: DeletedObjects }) {
  const { t } = useTranslation();
  useBeginAtTop();
  const { bucket, prefix, view } = loaderData;
  return (
    <>
      <PageHeader
        title={t("objects.deletionOfMany.partly", { count: failed.length })}
        breadcrumbs={objectBreadcrumbs(t, params, bucket, { prefix })}
      />
      <div className="space-y-4">
        <Notice tone="danger">
          {deleted > 0
            ? t("objects.deletionOfMany.partlyDone", { count: deleted })
            : t("objects.deletionOfMany.noneDone")}
        </Notice>
        <ChosenObjects
          label={t("objects.deletionOfMany.partly", { count: failed.length })}
          objects={failed}
          note={(index) => <span className="block text-sm text-muted">{failed[index]?.engineCode}</span>}
        />
        <ButtonLink to={objectsHref(params, { prefix, view })}>{t("objects.deletionOfMany.back")}</ButtonLink>
      </div>
    </>
  );
}
