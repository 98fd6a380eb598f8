import { useTranslation } from "react-i18next";
import { Link } from "react-router";
import { getOwnProfile } from "#app/domain/identity/profile/read-profile.ts";
import { timeZone as installationZone } from "#app/domain/time-zone.ts";
import { load } from "#app/http/handlers.server.ts";
import { localeNames } from "#app/locales/index.ts";
import { ButtonLink } from "#app/ui/form/button.tsx";
import { formatZone } from "#app/ui/format.ts";
import { DescriptionList } from "#app/ui/layout/description-list.tsx";
import { PageHeader } from "#app/ui/layout/page-header.tsx";
import { Card, Section } from "#app/ui/layout/section.tsx";
import { ThemeSwitch } from "#app/ui/layout/theme-switch.tsx";
import { useRootData } from "#app/ui/root-data.ts";
import type { Route } from "./+types/profile";

export function loader(args: Route.LoaderArgs) {
  return load(args, async (context) => ({ profile: await getOwnProfile(context) }));
}

export default function Profile({ loaderData }: Route.ComponentProps) {
  const { t } = useTranslation();
  const { locale } = useRootData();
  const { name, email, timeZone } = loaderData.profile;
  return (
    <>
      <PageHeader
        title={t("profile.title")}
        description={t("profile.intro")}
        actions={<ButtonLink to="/me/details">{t("profile.edit")}</ButtonLink>}
      />
      <Card>
        <DescriptionList
          items={[
            { term: t("profile.name"), details: name },
            {
              term: t("auth.email"),
              details: (
                <>
                  {email} <Link to="/me/email">{t("profile.changeEmail")}</Link>
                </>
              ),
            },
            { term: t("common.language.label"), details: localeNames[locale] },
            {
              term: t("profile.timeZone"),
              details: (
                <span suppressHydrationWarning>
                  {timeZone
                    ? `${formatZone(timeZone, locale)} (${timeZone})`
                    : t("profile.installationZone", { timeZone: formatZone(installationZone, locale) })}
                </span>
              ),
            },
          ]}
        />
      </Card>
      <Section title={t("common.theme.label")} description={t("common.theme.intro")}>
        <ThemeSwitch />
      </Section>
      <Section title={t("accounts.list.title")} description={t("profile.accountsText")}>
        <ButtonLink to="/accounts">{t("profile.accountsLink")}</ButtonLink>
      </Section>
      <Section title={t("notifications.title")}>
        <ButtonLink to="/me/notifications">{t("notifications.preferencesLink")}</ButtonLink>
      </Section>
      <Section title={t("profile.yours.title")} description={t("profile.yours.intro")}>
        <div className="flex flex-wrap gap-2">
          <ButtonLink to="/me/data">{t("profile.yours.download")}</ButtonLink>
          <ButtonLink to="/me/closing">{t("profile.yours.close")}</ButtonLink>
        </div>
      </Section>
    </>
  );
}
