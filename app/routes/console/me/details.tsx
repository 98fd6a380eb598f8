import { useTranslation } from "react-i18next";
import { getOwnProfile } from "#app/domain/identity/profile/read-profile.ts";
import { timeZones, updateProfileInput } from "#app/domain/identity/profile/schema.ts";
import { updateProfile } from "#app/domain/identity/profile/update-profile.ts";
import { timeZone as installationZone } from "#app/domain/time-zone.ts";
import { formOf } from "#app/http/forms.server.ts";
import { load, redirectWithFlash, submit } from "#app/http/handlers.server.ts";
import { i18nOf, localeCookie } from "#app/http/i18n.server.ts";
import { localeNames, locales } from "#app/locales/index.ts";
import { SubmitButton } from "#app/ui/form/app-form.tsx";
import { FormPage } from "#app/ui/form/form-page.tsx";
import { SelectField } from "#app/ui/form/select-field.tsx";
import { TextField } from "#app/ui/form/text-field.tsx";
import { useAppForm } from "#app/ui/form/use-app-form.ts";
import { formatZone } from "#app/ui/format.ts";
import { TimeZoneField } from "#app/ui/profile/time-zone-field.tsx";
import { useRootData } from "#app/ui/root-data.ts";
import type { Route } from "./+types/details";

export function loader(args: Route.LoaderArgs) {
  return load(args, async (context) => {
    const { name, locale, timeZone } = await getOwnProfile(context);
    // One text: as a list it would weigh as much as all the rest of the page.
    return {
      timeZones: timeZones.join(" "),
      form: formOf(updateProfileInput, { name, locale, timeZone: timeZone ?? "" }),
    };
  });
}

export function action(args: Route.ActionArgs) {
  return submit(args, updateProfile, async ({ locale }) => {
    // The next page comes in the language that was just chosen, and so must what it says.
    const t = i18nOf(args.context).getFixedT(locale);
    const response = await redirectWithFlash("/me", t("profile.details.done"));
    response.headers.append("Set-Cookie", await localeCookie.serialize(locale));
    return response;
  });
}

export default function ProfileDetails({ loaderData, actionData }: Route.ComponentProps) {
  const { t } = useTranslation();
  const { locale } = useRootData();
  const [form, fields] = useAppForm(loaderData.form, actionData);
  return (
    <FormPage
      title={t("profile.details.title")}
      breadcrumbs={[{ label: t("profile.title"), to: "/me" }]}
      form={form}
    >
      <TextField
        field={fields.name}
        autoComplete="name"
        label={t("profile.name")}
        hint={t("profile.details.nameHint")}
      />
      <SelectField
        field={fields.locale}
        label={t("common.language.label")}
        hint={t("profile.details.languageHint")}
        width="medium"
        options={locales.map((value) => ({ value, label: localeNames[value] }))}
      />
      <TimeZoneField
        field={fields.timeZone}
        label={t("profile.timeZone")}
        hint={t("profile.details.timeZoneHint", { timeZone: formatZone(installationZone, locale) })}
        zones={loaderData.timeZones.split(" ")}
      />
      <SubmitButton>{t("profile.details.submit")}</SubmitButton>
    </FormPage>
  );
}
