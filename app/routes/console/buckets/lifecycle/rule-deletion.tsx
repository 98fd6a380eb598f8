import { useTranslation } from "react-i18next";
import { deleteLifecycleRule } from "#app/domain/lifecycle/delete-lifecycle-rule.ts";
import { translator } from "#app/http/i18n.server.ts";
import type { Route } from "./+types/rule-deletion";
import { ruleHref } from "./addresses.ts";
import { loadRule, submitRule } from "./confirm-rule.ts";
import { RuleConfirmation } from "./rule-confirmation.tsx";

export function loader(args: Route.LoaderArgs) {
  return loadRule(args, ({ canDelete }) => canDelete);
}

export function action(args: Route.ActionArgs) {
  const t = translator(args.context);
  return submitRule(args, deleteLifecycleRule, (rule) => t("lifecycle.deletion.done", { rule }));
}

export default function DeleteRule({ loaderData, actionData, params }: Route.ComponentProps) {
  const { t } = useTranslation();
  const { ruleId, ...rule } = loaderData;
  return (
    <RuleConfirmation
      {...rule}
      params={params}
      here={ruleHref(params, ruleId, "rule/deletion")}
      title={t("lifecycle.deletion.title", { rule: ruleId })}
      intro={t("lifecycle.deletion.intro")}
      submit={t("lifecycle.deletion.submit")}
      isDangerous
      refusal={actionData}
    />
  );
}
