import { useTranslation } from "react-i18next";
import { href, redirect } from "react-router";
import { readLastUse } from "#app/domain/access-keys/last-use.ts";
import { finishRotation } from "#app/domain/rotations/finish-rotation.ts";
import { load, redirectWithFlash, submitWith } from "#app/http/handlers.server.ts";
import { translator } from "#app/http/i18n.server.ts";
import { uuidOr404 } from "#app/http/middleware.server.ts";
import { LastUse } from "#app/ui/access-keys/last-use.tsx";
import { SubmitButton } from "#app/ui/form/app-form.tsx";
import { FormPage } from "#app/ui/form/form-page.tsx";
import { useAppForm } from "#app/ui/form/use-app-form.ts";
import { DescriptionList } from "#app/ui/layout/description-list.tsx";
import { Notice } from "#app/ui/layout/notice.tsx";
import { InstallationTime } from "#app/ui/values.tsx";
import { AccessKeyState } from "../access-key-state.tsx";
import type { Route } from "./+types/finishing";
import { requireOpenRotation } from "./open-rotation.ts";
import { rotationBreadcrumbs } from "./rotation-breadcrumbs.ts";

export function loader(args: Route.LoaderArgs) {
  return load(args, async (context) => {
    const rotation = await requireOpenRotation(context, "access-keys:finish-rotation", args.params);
    const { oldKey, newKey, until } = rotation;
    const uses = await readLastUse(context, [oldKey.id, newKey.id]);
    return { oldKey, newKey, until, uses: { old: uses.get(oldKey.id), new: uses.get(newKey.id) } };
  });
}

export function action(args: Route.ActionArgs) {
  const t = translator(args.context);
  const page = href("/accounts/:account/access-keys/:key/rotation", args.params);
  return submitWith(
    args,
    (context) => finishRotation(context, { id: uuidOr404(args.params.key) }),
    // Where the engine has not confirmed, the rotation's page says that the old key still works.
    ({ state }) =>
      state === "finished" ? redirectWithFlash(page, t("rotations.finishing.done")) : redirect(page),
  );
}

export default function FinishRotation({ loaderData, actionData, params }: Route.ComponentProps) {
  const { t } = useTranslation();
  const [form] = useAppForm({ constraint: {}, defaultValue: {} }, actionData);
  const { oldKey, newKey, until, uses } = loaderData;
  return (
    <FormPage
      title={t("rotations.finishing.title", { key: oldKey.name })}
      intro={t("rotations.finishing.intro")}
      breadcrumbs={rotationBreadcrumbs(t, params, oldKey.name)}
      form={form}
    >
      {newKey.state !== "active" && (
        <Notice tone="warning" title={t("rotations.newInactive.title")}>
          {t("rotations.newInactive.text")}
        </Notice>
      )}
      <DescriptionList
        items={[
          {
            term: t("rotations.keys.oldKey"),
            details: <code className="break-all">{oldKey.accessKeyId}</code>,
          },
          { term: t("accessKeys.state"), details: <AccessKeyState state={oldKey.state} /> },
          { term: t("rotations.finishing.oldUse"), details: <LastUse use={uses.old} /> },
          ...(uses.new === "untold"
            ? []
            : [{ term: t("rotations.finishing.newUse"), details: <LastUse use={uses.new} /> }]),
          { term: t("rotations.finishing.otherwise"), details: <InstallationTime at={until} /> },
        ]}
      />
      <SubmitButton variant="danger">{t("rotations.finishing.submit")}</SubmitButton>
    </FormPage>
  );
}
