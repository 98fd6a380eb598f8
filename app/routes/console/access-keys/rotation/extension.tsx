import { useTranslation } from "react-i18next";
import { href, redirect } from "react-router";
import { extendRotation } from "#app/domain/rotations/extend-rotation.ts";
import { readExtensionChoices } from "#app/domain/rotations/read-choices.ts";
import { extendRotationInput } from "#app/domain/rotations/schema.ts";
import { formOf } from "#app/http/forms.server.ts";
import { load, redirectWithFlash, submitWith } from "#app/http/handlers.server.ts";
import { translator } from "#app/http/i18n.server.ts";
import { uuidOr404 } from "#app/http/middleware.server.ts";
import { SubmitButton } from "#app/ui/form/app-form.tsx";
import { FormPage } from "#app/ui/form/form-page.tsx";
import { HiddenField } from "#app/ui/form/hidden-field.tsx";
import { useAppForm } from "#app/ui/form/use-app-form.ts";
import { DescriptionList } from "#app/ui/layout/description-list.tsx";
import { InstallationTime } from "#app/ui/values.tsx";
import type { Route } from "./+types/extension";
import { requireOpenRotation } from "./open-rotation.ts";
import { OverlapFields } from "./overlap-fields.tsx";
import { rotationBreadcrumbs } from "./rotation-breadcrumbs.ts";

export function loader(args: Route.LoaderArgs) {
  return load(args, async (context) => {
    const rotation = await requireOpenRotation(context, "access-keys:extend-rotation", args.params);
    const bounds = await readExtensionChoices(context, rotation);
    // It works for as long as it can: the rotation's page offers this no more.
    if (bounds.latestDay < bounds.earliestDay)
      throw redirect(href("/accounts/:account/access-keys/:key/rotation", args.params));
    const form = formOf(extendRotationInput, {
      shownUntil: rotation.until.toISOString(),
      overlap: bounds.days.includes("7") ? "7" : (bounds.days.at(-1) ?? "date"),
    });
    return { name: rotation.oldKey.name, until: rotation.until, bounds, form };
  });
}

export function action(args: Route.ActionArgs) {
  const t = translator(args.context);
  return submitWith(
    args,
    (context, input) => extendRotation(context, { ...input, id: uuidOr404(args.params.key) }),
    () =>
      redirectWithFlash(
        href("/accounts/:account/access-keys/:key/rotation", args.params),
        t("rotations.extension.done"),
      ),
  );
}

export default function ExtendRotation({ loaderData, actionData, params }: Route.ComponentProps) {
  const { t } = useTranslation();
  const { name, until, bounds } = loaderData;
  const [form, fields] = useAppForm(loaderData.form, actionData);
  return (
    <FormPage
      title={t("rotations.extension.title", { key: name })}
      intro={t("rotations.extension.intro")}
      breadcrumbs={rotationBreadcrumbs(t, params, name)}
      form={form}
    >
      <HiddenField field={fields.shownUntil} />
      <DescriptionList
        items={[{ term: t("rotations.extension.now"), details: <InstallationTime at={until} /> }]}
      />
      <OverlapFields fields={fields} bounds={bounds} kind="extension" />
      <SubmitButton>{t("rotations.extension.submit")}</SubmitButton>
    </FormPage>
  );
}
