import { useTranslation } from "react-i18next";
import { enableLifecycleRule } from "#app/domain/lifecycle/switch-lifecycle-rule.ts";
import { translator } from "#app/http/i18n.server.ts";
import type { Route } from "./+types/rule-enabling";
import { ruleHref } from "./addresses.ts";
import { loadRule, submitRule } from "./confirm-rule.ts";
import { RuleConfirmation } from "./rule-confirmation.tsx";

export function loader(args: Route.LoaderArgs) {
  return loadRule(args, ({ canSwitch }) => canSwitch);
}

export function action(args: Route.ActionArgs) {
  const t = translator(args.context);
  return submitRule(args, enableLifecycleRule, (rule) => t("lifecycle.enabling.done", { rule }));
}

export default function EnableRule({ loaderData, actionData, params }: Route.ComponentProps) {
  const { t } = useTranslation();
  const { ruleId, ...rule } = loaderData;
  return (
    <RuleConfirmation
      {...rule}
      params={params}
      here={ruleHref(params, ruleId, "rule/enabling")}
      title={t("lifecycle.enabling.title", { rule: ruleId })}
      intro={t("lifecycle.enabling.intro")}
      submit={t("lifecycle.enabling.submit")}
      refusal={actionData}
    />
  );
}
