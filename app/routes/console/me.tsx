import { useTranslation } from "react-i18next";
import { signedInUser } from "#app/http/handlers.server.ts";
import { localeNames } from "#app/locales/index.ts";
import { ButtonLink } from "#app/ui/form/button.tsx";
import { DescriptionList } from "#app/ui/layout/description-list.tsx";
import { PageHeader } from "#app/ui/layout/page-header.tsx";
import { Card, Section } from "#app/ui/layout/section.tsx";
import { useRootData } from "#app/ui/root-data.ts";
import type { Route } from "./+types/me";

export function loader({ context }: Route.LoaderArgs) {
  return { user: signedInUser(context) };
}

export default function Me({ loaderData }: Route.ComponentProps) {
  const { t } = useTranslation();
  const { locale } = useRootData();
  return (
    <>
      <PageHeader title={t("common.yourProfile")} description={t("common.profile.intro")} />
      <Card>
        <DescriptionList
          items={[
            { term: t("auth.name"), details: loaderData.user.name },
            { term: t("auth.email"), details: loaderData.user.email },
            {
              term: t("common.language.label"),
              details: (
                <>
                  {localeNames[locale]}
                  <p className="text-sm text-muted">{t("common.profile.languageHint")}</p>
                </>
              ),
            },
          ]}
        />
      </Card>
      <Section title={t("accounts.list.title")} description={t("common.profile.accountsText")}>
        <ButtonLink to="/accounts">{t("common.profile.accountsLink")}</ButtonLink>
      </Section>
    </>
  );
}
