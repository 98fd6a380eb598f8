import { authorize } from "#app/domain/authorization.ts";
import { addLifecycleRule } from "#app/domain/lifecycle/add-lifecycle-rule.ts";
import { readLifecycle } from "#app/domain/lifecycle/read-lifecycle.ts";
import { atItsField } from "#app/domain/lifecycle/unkept-condition.ts";
import { load, redirectWithFlash, submitWith } from "#app/http/handlers.server.ts";
import { translator } from "#app/http/i18n.server.ts";
import { uuidOr404 } from "#app/http/middleware.server.ts";
import type { Route } from "./+types/new";
import { lifecycleHref } from "./addresses.ts";
import { RuleForm } from "./rule-form.tsx";
import { ruleFormSetup } from "./rule-form-setup.ts";

export function loader(args: Route.LoaderArgs) {
  return load(args, async (context) => {
    authorize(context, "buckets:set-lifecycle");
    return {
      ...(await readLifecycle(context, uuidOr404(args.params.bucket))),
      setup: ruleFormSetup({}, args.url.searchParams),
    };
  });
}

export function action(args: Route.ActionArgs) {
  const t = translator(args.context);
  const bucketId = uuidOr404(args.params.bucket);
  return submitWith(
    args,
    (context, input) =>
      addLifecycleRule(context, { ...input, bucketId }).catch((error: unknown) => {
        throw atItsField(error);
      }),
    ({ id }) => redirectWithFlash(lifecycleHref(args.params), t("lifecycle.new.done", { rule: id })),
  );
}

export default function NewRule({ loaderData, actionData, params }: Route.ComponentProps) {
  return <RuleForm {...loaderData} refusal={actionData} params={params} />;
}
