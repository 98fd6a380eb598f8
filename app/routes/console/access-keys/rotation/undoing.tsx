import { useTranslation } from "react-i18next";
import { href, redirect } from "react-router";
import { readLastUse } from "#app/domain/access-keys/last-use.ts";
import { undoRotationInput } from "#app/domain/rotations/schema.ts";
import { undoRotation } from "#app/domain/rotations/undo-rotation.ts";
import { formOf } from "#app/http/forms.server.ts";
import { load, redirectWithFlash, submitWith } from "#app/http/handlers.server.ts";
import { translator } from "#app/http/i18n.server.ts";
import { uuidOr404 } from "#app/http/middleware.server.ts";
import { LastUse } from "#app/ui/access-keys/last-use.tsx";
import { SubmitButton } from "#app/ui/form/app-form.tsx";
import { RadioGroupField } from "#app/ui/form/choice-fields.tsx";
import { FormPage } from "#app/ui/form/form-page.tsx";
import { useAppForm } from "#app/ui/form/use-app-form.ts";
import { DescriptionList } from "#app/ui/layout/description-list.tsx";
import { Notice } from "#app/ui/layout/notice.tsx";
import type { Route } from "./+types/undoing";
import { requireOpenRotation } from "./open-rotation.ts";
import { rotationBreadcrumbs } from "./rotation-breadcrumbs.ts";

export function loader(args: Route.LoaderArgs) {
  return load(args, async (context) => {
    const { oldKey, newKey } = await requireOpenRotation(context, "access-keys:undo-rotation", args.params);
    const uses = await readLastUse(context, [newKey.id]);
    const form = formOf(undoRotationInput, { newKey: "revoke" });
    return { oldKey, newKey, newKeyUse: uses.get(newKey.id), form };
  });
}

export function action(args: Route.ActionArgs) {
  const t = translator(args.context);
  const page = href("/accounts/:account/access-keys/:key", args.params);
  return submitWith(
    args,
    (context, input) => undoRotation(context, { ...input, id: uuidOr404(args.params.key) }),
    ({ newKey, newKeyId }) =>
      newKey === "revoking"
        ? // It still works until the storage has confirmed, as its page says.
          redirect(href("/accounts/:account/access-keys/:key", { ...args.params, key: newKeyId }))
        : redirectWithFlash(page, t(`rotations.undoing.done.${newKey}`)),
  );
}

export default function UndoRotation({ loaderData, actionData, params }: Route.ComponentProps) {
  const { t } = useTranslation();
  const [form, fields] = useAppForm(loaderData.form, actionData);
  const { oldKey, newKey, newKeyUse } = loaderData;
  return (
    <FormPage
      title={t("rotations.undoing.title", { key: oldKey.name })}
      intro={t("rotations.undoing.intro")}
      breadcrumbs={rotationBreadcrumbs(t, params, oldKey.name)}
      form={form}
    >
      {oldKey.state === "inactive" && (
        <Notice title={t("rotations.oldInactive.title")}>{t("rotations.undoing.oldInactive")}</Notice>
      )}
      <DescriptionList
        items={[
          { term: t("rotations.keys.oldKey"), details: <KeyName {...oldKey} /> },
          { term: t("rotations.keys.newKey"), details: <KeyName {...newKey} /> },
          ...(newKeyUse === "untold"
            ? []
            : [{ term: t("rotations.finishing.newUse"), details: <LastUse use={newKeyUse} /> }]),
        ]}
      />
      <RadioGroupField
        field={fields.newKey}
        label={t("rotations.undoing.newKey")}
        options={[
          {
            value: "revoke",
            label: t("rotations.undoing.revoke"),
            hint: t("rotations.undoing.revokeHint"),
          },
          { value: "keep", label: t("rotations.undoing.keep"), hint: t("rotations.undoing.keepHint") },
        ]}
      />
      <SubmitButton variant="danger">{t("rotations.undoing.submit")}</SubmitButton>
    </FormPage>
  );
}

/** Both may be called the same. */
function KeyName({ name, accessKeyId }: { name: string; accessKeyId: string }) {
  return (
    <>
      <span className="break-words">{name}</span> <code className="block break-all">{accessKeyId}</code>
    </>
  );
}
