import { useTranslation } from "react-i18next";
import { signedInUser } from "#app/http/handlers.server.ts";
import { localeNames } from "#app/locales/index.ts";
import { DescriptionList } from "#app/ui/layout/description-list.tsx";
import { PageHeader } from "#app/ui/layout/page-header.tsx";
import { Card } from "#app/ui/layout/section.tsx";
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
      <PageHeader title={t("common.yourProfile")} />
      <Card>
        <DescriptionList
          items={[
            { term: t("auth.name"), details: loaderData.user.name },
            { term: t("auth.email"), details: loaderData.user.email },
            { term: t("common.language.label"), details: localeNames[locale] },
          ]}
        />
      </Card>
    </>
  );
}
