import { useTranslation } from "react-i18next";
import { href } from "react-router";
import { can } from "#app/domain/authorization.ts";
import { type CorsRule, readCors } from "#app/domain/bucket-settings/read-settings.ts";
import { DIRECT_UPLOADS_RULE } from "#app/domain/bucket-settings/states.ts";
import { load } from "#app/http/handlers.server.ts";
import { uuidOr404 } from "#app/http/middleware.server.ts";
import { ButtonLink } from "#app/ui/form/button.tsx";
import { EmptyState } from "#app/ui/layout/empty-state.tsx";
import { PageHeader } from "#app/ui/layout/page-header.tsx";
import { Card, Section } from "#app/ui/layout/section.tsx";
import { settingBreadcrumbs } from "../setting-breadcrumbs.ts";
import { SettingUnread } from "../setting-unread.tsx";
import type { Route } from "./+types/list";
import { RuleDetails } from "./rule-details.tsx";

export function loader(args: Route.LoaderArgs) {
  return load(args, async (context) => ({
    ...(await readCors(context, uuidOr404(args.params.bucket))),
    canChange: context.access.accountState === "active" && can(context, "buckets:set-cors"),
  }));
}

export default function CorsRules({ loaderData, params }: Route.ComponentProps) {
  const { t } = useTranslation();
  const { name, cors, canChange } = loaderData;
  const title = t("bucketSettings.cors.page", { bucket: name });
  const breadcrumbs = settingBreadcrumbs(t, params, name);
  if (cors.standing !== "known")
    return <SettingUnread title={title} breadcrumbs={breadcrumbs} standing={cors.standing} />;

  const here = href("/accounts/:account/buckets/:bucket/cors", params);
  const add = canChange && (
    <ButtonLink variant="primary" to={`${here}/new`}>
      {t("bucketSettings.cors.add")}
    </ButtonLink>
  );
  const rules = cors.value.map((rule, index) => ({ ...rule, position: index + 1 }));
  return (
    <>
      <PageHeader
        title={title}
        description={t("bucketSettings.cors.intro")}
        breadcrumbs={breadcrumbs}
        actions={rules.length > 0 && add}
      />
      {rules.length > 1 && <p className="mb-4 max-w-prose">{t("bucketSettings.cors.order")}</p>}
      {rules.length === 0 && (
        <EmptyState title={t("bucketSettings.cors.none")} action={add}>
          {t("bucketSettings.cors.emptyAdvice")}
        </EmptyState>
      )}
      {rules.map((rule) => (
        <Section
          key={rule.position}
          title={
            <>
              {t("bucketSettings.cors.rule", { position: rule.position })}
              {rule.id && <span className="font-normal wrap-anywhere"> · {rule.id}</span>}
            </>
          }
          actions={canChange && <RuleLinks here={here} rule={rule} />}
        >
          <Card>
            <RuleDetails rule={rule} />
          </Card>
        </Section>
      ))}
    </>
  );
}

interface RuleLinksProps {
  /** The list of rules. */
  here: string;
  rule: CorsRule & { position: number };
}

/** The console's own rule is changed where it is explained. */
function RuleLinks({ here, rule: { position, id } }: RuleLinksProps) {
  const { t } = useTranslation();
  if (id === DIRECT_UPLOADS_RULE)
    return (
      <ButtonLink to={here.replace(/cors$/, "direct-uploads")}>
        {t("bucketSettings.directUploads.link")}
      </ButtonLink>
    );
  return (
    <>
      <ButtonLink
        to={`${here}/rule?position=${position}`}
        aria-label={t("bucketSettings.cors.editRule", { position })}
      >
        {t("bucketSettings.cors.edit")}
      </ButtonLink>
      <ButtonLink
        to={`${here}/rule/deletion?position=${position}`}
        aria-label={t("bucketSettings.cors.deleteRule", { position })}
      >
        {t("bucketSettings.cors.delete")}
      </ButtonLink>
    </>
  );
}
