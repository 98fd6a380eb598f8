import { useTranslation } from "react-i18next";
import { href } from "react-router";
import { readSettings } from "#app/domain/accounts/read-settings.ts";
import { can } from "#app/domain/authorization.ts";
import { load } from "#app/http/handlers.server.ts";
import { ButtonLink } from "#app/ui/form/button.tsx";
import { DescriptionList } from "#app/ui/layout/description-list.tsx";
import { PageHeader } from "#app/ui/layout/page-header.tsx";
import { Card, Section } from "#app/ui/layout/section.tsx";
import type { Route } from "./+types/settings";

export function loader(args: Route.LoaderArgs) {
  return load(args, async (context) => ({
    ...(await readSettings(context)),
    canEndSharing: can(context, "objects:end-sharing"),
  }));
}

export default function AccountSettings({ loaderData, params }: Route.ComponentProps) {
  const { t } = useTranslation();
  const { requireSecondFactor, membersWithout, canRequireSecondFactor } = loaderData;
  return (
    <>
      <PageHeader title={t("secondFactor.settings.title")} description={t("secondFactor.settings.intro")} />
      <Section
        title={t("secondFactor.settings.security")}
        actions={
          canRequireSecondFactor && (
            <ButtonLink to={href("/accounts/:account/settings/second-factor", params)}>
              {t("secondFactor.settings.change")}
            </ButtonLink>
          )
        }
      >
        <Card>
          <DescriptionList
            items={[
              {
                term: t("secondFactor.security.secondFactor"),
                details: t(
                  requireSecondFactor ? "secondFactor.settings.required" : "secondFactor.settings.optional",
                ),
              },
              {
                term: t("secondFactor.settings.without"),
                details: t("secondFactor.settings.withoutCount", { count: membersWithout }),
              },
            ]}
          />
        </Card>
      </Section>
      <Section
        title={t("keySettings.policy.title")}
        description={t("keySettings.policy.summary")}
        actions={
          <ButtonLink to={href("/accounts/:account/settings/access-keys", params)}>
            {t("keySettings.policy.open")}
          </ButtonLink>
        }
      >
        {null}
      </Section>
      {loaderData.canEndSharing && (
        <Section
          title={t("objects.sharedLinks.link")}
          description={t("objects.sharedLinks.intro")}
          actions={
            <ButtonLink to={href("/accounts/:account/settings/shared-links", params)}>
              {t("objects.sharedLinks.title")}
            </ButtonLink>
          }
        >
          {null}
        </Section>
      )}
    </>
  );
}
