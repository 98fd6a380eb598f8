import { redirect } from "react-router";
import { authorize } from "#app/domain/authorization.ts";
import { changeLifecycleRule } from "#app/domain/lifecycle/change-lifecycle-rule.ts";
import { readLifecycleRule } from "#app/domain/lifecycle/read-lifecycle.ts";
import { ruleValues } from "#app/domain/lifecycle/rule-input.ts";
import { atItsField } from "#app/domain/lifecycle/unkept-condition.ts";
import { load, redirectWithFlash, submitWith } from "#app/http/handlers.server.ts";
import { translator } from "#app/http/i18n.server.ts";
import { uuidOr404 } from "#app/http/middleware.server.ts";
import type { Route } from "./+types/rule";
import { lifecycleHref } from "./addresses.ts";
import { RuleForm } from "./rule-form.tsx";
import { ruleFormSetup } from "./rule-form-setup.ts";

export function loader(args: Route.LoaderArgs) {
  return load(args, async (context) => {
    authorize(context, "buckets:set-lifecycle");
    const { searchParams } = args.url;
    const ruleId = searchParams.get("id") ?? "";
    const { shown, ...lifecycle } = await readLifecycleRule(context, uuidOr404(args.params.bucket), ruleId);
    // Saving the form would change what it cannot say; the list says why there is none.
    if (shown && !shown.canEdit) throw redirect(lifecycleHref(args.params));
    return {
      ...lifecycle,
      ruleId,
      setup: ruleFormSetup(
        shown ? { ...ruleValues(shown.rule), fingerprint: shown.fingerprint } : {},
        searchParams,
      ),
    };
  });
}

export function action(args: Route.ActionArgs) {
  const t = translator(args.context);
  const ofAddress = {
    bucketId: uuidOr404(args.params.bucket),
    ruleId: args.url.searchParams.get("id") ?? "",
  };
  return submitWith(
    args,
    (context, { fingerprint = "", ...input }) =>
      changeLifecycleRule(context, { ...input, fingerprint, ...ofAddress }).catch((error: unknown) => {
        throw atItsField(error);
      }),
    ({ id }) => redirectWithFlash(lifecycleHref(args.params), t("lifecycle.edit.done", { rule: id })),
  );
}

export default function EditRule({ loaderData, actionData, params }: Route.ComponentProps) {
  return <RuleForm {...loaderData} refusal={actionData} params={params} />;
}
