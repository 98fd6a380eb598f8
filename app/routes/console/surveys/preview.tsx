import { redirect } from "react-router";
import { authorize } from "#app/domain/authorization.ts";
import { readLifecycle, readLifecycleRule } from "#app/domain/lifecycle/read-lifecycle.ts";
import { ruleValues } from "#app/domain/lifecycle/rule-input.ts";
import { previewRule } from "#app/domain/surveys/preview-rule.ts";
import { load, submitWith } from "#app/http/handlers.server.ts";
import { uuidOr404 } from "#app/http/middleware.server.ts";
import { RuleForm } from "../buckets/lifecycle/rule-form.tsx";
import { ruleFormSetup } from "../buckets/lifecycle/rule-form-setup.ts";
import type { Route } from "./+types/preview";
import { surveyHref } from "./addresses.ts";

/** The form again, for what is wrong in it. The rule that it changes, if any, stands in the address. */
export function loader(args: Route.LoaderArgs) {
  return load(args, async (context) => {
    authorize(context, "buckets:survey");
    const bucketId = uuidOr404(args.params.bucket);
    const ruleId = args.url.searchParams.get("id") ?? undefined;
    const lifecycle =
      ruleId === undefined
        ? { ...(await readLifecycle(context, bucketId)), shown: null }
        : await readLifecycleRule(context, bucketId, ruleId);
    const { shown, bucketName, atEngine } = lifecycle;
    const values = shown ? { ...ruleValues(shown.rule), fingerprint: shown.fingerprint } : {};
    return { bucketName, atEngine, ruleId, setup: ruleFormSetup(values, args.url.searchParams) };
  });
}

export function action(args: Route.ActionArgs) {
  const id = args.url.searchParams.get("id");
  return submitWith(
    args,
    async (context, { fingerprint = "", ...input }) => {
      const survey = await previewRule(context, { ...input, bucketId: uuidOr404(args.params.bucket) });
      return { survey: survey.id, changed: id === null ? null : { id, fingerprint: String(fingerprint) } };
    },
    ({ survey, changed }) => redirect(surveyHref({ ...args.params, survey }, changed)),
  );
}

export default function PreviewRule({ loaderData, actionData, params }: Route.ComponentProps) {
  return <RuleForm {...loaderData} refusal={actionData} params={params} />;
}
