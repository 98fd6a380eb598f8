import { useTranslation } from "react-i18next";
import { authorize } from "#app/domain/authorization.ts";
import { load } from "#app/http/handlers.server.ts";
import { ButtonLink } from "#app/ui/form/button.tsx";
import { PageHeader } from "#app/ui/layout/page-header.tsx";
import type { Route } from "./+types/data";

export function loader(args: Route.LoaderArgs) {
  return load(args, async (context) => {
    authorize(context, "users:export-own");
    return null;
  });
}

export default function OwnData(_: Route.ComponentProps) {
  const { t } = useTranslation();
  return (
    <>
      <PageHeader
        title={t("profile.data.title")}
        description={t("profile.data.intro")}
        breadcrumbs={[{ label: t("profile.title"), to: "/me" }]}
      />
      <div className="max-w-prose space-y-4">
        <p>{t("profile.data.contents")}</p>
        <p>{t("profile.data.without")}</p>
        <p>
          <ButtonLink to="/me/data/download" variant="primary" reloadDocument>
            {t("profile.data.submit")}
          </ButtonLink>
        </p>
      </div>
    </>
  );
}
