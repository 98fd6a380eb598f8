import { useTranslation } from "react-i18next";
import { disableLifecycleRule } from "#app/domain/lifecycle/switch-lifecycle-rule.ts";
import { translator } from "#app/http/i18n.server.ts";
import type { Route } from "./+types/rule-disabling";
import { ruleHref } from "./addresses.ts";
import { loadRule, submitRule } from "./confirm-rule.ts";
import { RuleConfirmation } from "./rule-confirmation.tsx";

export function loader(args: Route.LoaderArgs) {
  return loadRule(args, ({ canSwitch }) => canSwitch);
}

export function action(args: Route.ActionArgs) {
  const t = translator(args.context);
  return submitRule(args, disableLifecycleRule, (rule) => t("lifecycle.disabling.done", { rule }));
}

export default function DisableRule({ loaderData, actionData, params }: Route.ComponentProps) {
  const { t } = useTranslation();
  const { ruleId, ...rule } = loaderData;
  return (
    <RuleConfirmation
      {...rule}
      params={params}
      here={ruleHref(params, ruleId, "rule/disabling")}
      title={t("lifecycle.disabling.title", { rule: ruleId })}
      intro={t("lifecycle.disabling.intro")}
      submit={t("lifecycle.disabling.submit")}
      refusal={actionData}
    />
  );
}
