import { useTranslation } from "react-i18next";
import { authorize } from "#app/domain/authorization.ts";
import { DomainError } from "#app/domain/errors.ts";
import { readObject } from "#app/domain/objects/read-object.ts";
import { readVersioning } from "#app/domain/objects/read-versioning.ts";
import { restoreObject } from "#app/domain/objects/restore-object.ts";
import { load, redirectWithFlash, submitWith } from "#app/http/handlers.server.ts";
import { translator } from "#app/http/i18n.server.ts";
import { SubmitButton } from "#app/ui/form/app-form.tsx";
import { FormPage } from "#app/ui/form/form-page.tsx";
import { useAppForm } from "#app/ui/form/use-app-form.ts";
import { objectBreadcrumbs } from "#app/ui/objects/breadcrumbs.ts";
import { NamedObject } from "#app/ui/objects/named-object.tsx";
import { objectHref } from "#app/ui/objects/object-address.ts";
import { shortKey } from "#app/ui/objects/object-name.tsx";
import { Bytes, Timestamp } from "#app/ui/values.tsx";
import type { Route } from "./+types/restoration";
import { objectInAddress } from "./object-in-address.ts";

export function loader(args: Route.LoaderArgs) {
  return load(args, async (context) => {
    authorize(context, "objects:restore");
    const object = objectInAddress(args);
    // One is restored by its id; the current version of a name is what it is.
    if (!object.versionId) throw new DomainError("not-found");
    const [{ bucket, versioning }, { details, shown }] = await Promise.all([
      readVersioning(context, object.bucketId),
      readObject(context, object),
    ]);
    const { sizeBytes, lastModified } = details ?? shown ?? {};
    return {
      bucket,
      versioning,
      objectKey: object.key,
      versionId: object.versionId,
      isMarker: shown?.isDeleteMarker === true,
      sizeBytes,
      lastModified,
    };
  });
}

export function action(args: Route.ActionArgs) {
  const t = translator(args.context);
  return submitWith(
    args,
    async (context) => {
      const object = objectInAddress(args);
      return { key: object.key, ...(await restoreObject(context, object)) };
    },
    ({ key, wasMarker }) =>
      redirectWithFlash(
        objectHref(args.params, { key }),
        t(wasMarker ? "objects.restoration.undeleted" : "objects.restoration.done", { name: shortKey(key) }),
      ),
  );
}

export default function RestoreObject({ loaderData, actionData, params }: Route.ComponentProps) {
  const { t } = useTranslation();
  const [form] = useAppForm({ constraint: {}, defaultValue: {} }, actionData);
  const { bucket, versioning, objectKey: key, versionId, isMarker, sizeBytes, lastModified } = loaderData;
  const name = shortKey(key);
  const copyIntro =
    versioning === "suspended" ? "objects.restoration.introSuspended" : "objects.restoration.intro";
  return (
    <FormPage
      title={t(isMarker ? "objects.restoration.undeleteTitle" : "objects.restoration.title", { name })}
      intro={t(isMarker ? "objects.restoration.undeleteIntro" : copyIntro)}
      breadcrumbs={objectBreadcrumbs(t, params, bucket, { key })}
      form={form}
    >
      <NamedObject
        objectKey={key}
        versionId={versionId}
        items={[
          ...(lastModified
            ? [
                {
                  term: t(isMarker ? "objects.restoration.deletedAt" : "objects.restoration.storedAt"),
                  details: <Timestamp at={lastModified} style="exact" />,
                },
              ]
            : []),
          ...(sizeBytes !== undefined && !isMarker
            ? [{ term: t("objects.size"), details: <Bytes value={sizeBytes} /> }]
            : []),
        ]}
      />
      <SubmitButton>
        {t(isMarker ? "objects.restoration.undelete" : "objects.restoration.submit")}
      </SubmitButton>
    </FormPage>
  );
}
