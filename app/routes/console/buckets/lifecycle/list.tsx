import { useTranslation } from "react-i18next";
import { Link } from "react-router";
import { can } from "#app/domain/authorization.ts";
import {
  type LifecycleAtEngine,
  type RuleShown,
  readLifecycle,
} from "#app/domain/lifecycle/read-lifecycle.ts";
import { load } from "#app/http/handlers.server.ts";
import { uuidOr404 } from "#app/http/middleware.server.ts";
import { ButtonLink } from "#app/ui/form/button.tsx";
import { EmptyState } from "#app/ui/layout/empty-state.tsx";
import { PageHeader } from "#app/ui/layout/page-header.tsx";
import { DataTable } from "#app/ui/table/data-table.tsx";
import type { Route } from "./+types/list";
import { lifecycleBreadcrumbs, lifecycleHref, ruleHref } from "./addresses.ts";
import { NotOffered, RulesUnknown, RulesUnsupported, WhenRulesRun, WhyNoChange } from "./notices.tsx";
import { RuleActions, RuleScope, RuleState } from "./rule-words.tsx";

export function loader(args: Route.LoaderArgs) {
  return load(args, async (context) => ({
    ...(await readLifecycle(context, uuidOr404(args.params.bucket))),
    canChange: context.access.accountState === "active" && can(context, "buckets:set-lifecycle"),
  }));
}

export default function LifecycleRules({ loaderData, params }: Route.ComponentProps) {
  const { t } = useTranslation();
  const { bucketName, atEngine, canChange } = loaderData;
  const words = { buckets: t("buckets.title"), settings: t("buckets.tabs.settings") };
  const canAdd = canChange && atEngine?.canAdd;
  const isEmpty = atEngine?.rules.length === 0;
  return (
    <>
      <PageHeader
        title={t("lifecycle.list", { bucket: bucketName })}
        description={t("lifecycle.intro")}
        breadcrumbs={lifecycleBreadcrumbs(params, bucketName, words)}
        actions={canAdd && !isEmpty && <AddRule params={params} />}
      />
      {!atEngine && <RulesUnknown here={lifecycleHref(params)} />}
      {atEngine && !atEngine.features && <RulesUnsupported />}
      {atEngine?.features && (
        <div className="space-y-6">
          {canChange && <WhyNoChange {...atEngine} />}
          <Rules {...loaderData} atEngine={atEngine} params={params} />
          <WhenRulesRun engine={atEngine.engine} />
          {canChange && <NotOffered features={atEngine.features} />}
        </div>
      )}
    </>
  );
}

type Params = Route.ComponentProps["params"];

function AddRule({ params }: { params: Params }) {
  const { t } = useTranslation();
  return (
    <ButtonLink variant="primary" to={`${lifecycleHref(params)}/new`}>
      {t("lifecycle.new.link")}
    </ButtonLink>
  );
}

interface RulesProps {
  params: Params;
  atEngine: LifecycleAtEngine;
  canChange: boolean;
}

function Rules({ params, atEngine: { rules, versioning }, canChange }: RulesProps) {
  const { t } = useTranslation();
  return (
    <DataTable
      caption={t("lifecycle.title")}
      rows={rules}
      rowKey={({ rule }) => rule.id}
      empty={
        <EmptyState title={t("lifecycle.empty")} action={canChange && <AddRule params={params} />}>
          {t("lifecycle.emptyAdvice")}
        </EmptyState>
      }
      columns={[
        {
          key: "name",
          header: t("lifecycle.columns.name"),
          cell: ({ rule }) => (
            <>
              {/* A name may have 255 letters and no space: it gives way to what the rule does. */}
              <span className="block max-w-48 wrap-anywhere">{rule.id}</span>
              <RuleState enabled={rule.enabled} />
            </>
          ),
        },
        {
          key: "does",
          header: t("lifecycle.columns.does"),
          cell: ({ rule, canEdit, canSwitch }) => (
            <div className="min-w-48">
              <RuleActions rule={rule} versioning={versioning} />
              {canSwitch && !canEdit && <p className="text-sm text-muted">{t("lifecycle.notEditable")}</p>}
            </div>
          ),
        },
        {
          key: "about",
          header: t("lifecycle.columns.about"),
          cell: ({ rule }) => (
            <div className="min-w-36 max-w-64">
              <RuleScope filter={rule.filter} />
            </div>
          ),
        },
        ...(canChange
          ? [
              {
                key: "acts",
                header: t("lifecycle.columns.acts"),
                cell: (shown: RuleShown) => <RuleLinks shown={shown} params={params} />,
              },
            ]
          : []),
      ]}
    />
  );
}

/** The pages where something is done with a rule, as far as it can be. */
function RuleLinks({ shown, params }: { shown: RuleShown; params: Params }) {
  const { t } = useTranslation();
  const { id, enabled } = shown.rule;
  const links = [
    shown.canEdit && ([t("lifecycle.acts.edit"), ruleHref(params, id)] as const),
    shown.canSwitch &&
      (enabled
        ? ([t("lifecycle.acts.disable"), ruleHref(params, id, "rule/disabling")] as const)
        : ([t("lifecycle.acts.enable"), ruleHref(params, id, "rule/enabling")] as const)),
    shown.canDelete && ([t("lifecycle.acts.delete"), ruleHref(params, id, "rule/deletion")] as const),
  ].filter((link) => link !== false);
  return (
    <ul className="flex flex-wrap gap-x-4 gap-y-1">
      {links.map(([label, to]) => (
        <li key={to}>
          <Link to={to} className="inline-block py-0.5 whitespace-nowrap">
            {label}
            <span className="sr-only"> {id}</span>
          </Link>
        </li>
      ))}
    </ul>
  );
}
