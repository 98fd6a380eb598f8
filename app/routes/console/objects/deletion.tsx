import { useTranslation } from "react-i18next";
import { authorize } from "#app/domain/authorization.ts";
import { DomainError } from "#app/domain/errors.ts";
import { deleteObjects } from "#app/domain/objects/delete-objects.ts";
import { hasVersions, readObject } from "#app/domain/objects/read-object.ts";
import { readVersioning } from "#app/domain/objects/read-versioning.ts";
import { load, redirectWithFlash, submitWith } from "#app/http/handlers.server.ts";
import { translator } from "#app/http/i18n.server.ts";
import { SubmitButton } from "#app/ui/form/app-form.tsx";
import { FormPage } from "#app/ui/form/form-page.tsx";
import { useAppForm } from "#app/ui/form/use-app-form.ts";
import { folderOf, objectBreadcrumbs } from "#app/ui/objects/breadcrumbs.ts";
import { NamedObject } from "#app/ui/objects/named-object.tsx";
import { objectHref, objectsHref } from "#app/ui/objects/object-address.ts";
import { shortKey } from "#app/ui/objects/object-name.tsx";
import type { Route } from "./+types/deletion";
import { objectInAddress } from "./object-in-address.ts";

export function loader(args: Route.LoaderArgs) {
  return load(args, async (context) => {
    authorize(context, "objects:delete");
    const object = objectInAddress(args);
    const { bucketId, key, versionId } = object;
    const [bucket, found] = await Promise.all([
      readVersioning(context, bucketId),
      versionId ? readObject(context, object) : null,
    ]);
    return { ...bucket, objectKey: key, versionId, isMarker: found?.shown?.isDeleteMarker === true };
  });
}

export function action(args: Route.ActionArgs) {
  const t = translator(args.context);
  return submitWith(
    args,
    async (context) => {
      const object = objectInAddress(args);
      const { bucketId, key, versionId } = object;
      const { failed } = await deleteObjects(context, { bucketId, objects: [{ key, versionId }] });
      if (failed[0]) throw new DomainError("engine-refused", { reason: failed[0].engineCode });
      return {
        key,
        versionId,
        isLeft: versionId !== undefined && (await hasVersions(context, object)) === true,
      };
    },
    ({ key, versionId, isLeft }) =>
      redirectWithFlash(
        isLeft ? objectHref(args.params, { key }) : objectsHref(args.params, { prefix: folderOf(key) }),
        t(versionId ? "objects.deletion.doneVersion" : "objects.deletion.done", { name: shortKey(key) }),
      ),
  );
}

export default function DeleteObject({ loaderData, actionData, params }: Route.ComponentProps) {
  const { t } = useTranslation();
  const [form] = useAppForm({ constraint: {}, defaultValue: {} }, actionData);
  const { bucket, versioning, objectKey: key, versionId, isMarker } = loaderData;
  const name = shortKey(key);
  const ofVersion = isMarker ? "objects.deletion.marker" : "objects.deletion.version";
  return (
    <FormPage
      title={t(versionId ? "objects.deletion.versionTitle" : "objects.deletion.title", { name })}
      intro={t(versionId ? ofVersion : `objects.deletion.${versioning}`)}
      breadcrumbs={objectBreadcrumbs(t, params, bucket, { key })}
      form={form}
    >
      <NamedObject objectKey={key} versionId={versionId} />
      <SubmitButton variant="danger">
        {t(versionId ? "objects.deletion.submitVersion" : "objects.deletion.submit")}
      </SubmitButton>
    </FormPage>
  );
}
