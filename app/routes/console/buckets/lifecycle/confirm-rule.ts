import { authorize } from "#app/domain/authorization.ts";
import type { deleteLifecycleRule } from "#app/domain/lifecycle/delete-lifecycle-rule.ts";
import { type RuleShown, readLifecycleRule } from "#app/domain/lifecycle/read-lifecycle.ts";
import { ruleForm } from "#app/domain/lifecycle/schema.ts";
import { formOf } from "#app/http/forms.server.ts";
import { load, redirectWithFlash, submitWith } from "#app/http/handlers.server.ts";
import { uuidOr404 } from "#app/http/middleware.server.ts";
import { lifecycleHref } from "./addresses.ts";

type LoaderArgs = Parameters<typeof load>[0] & {
  params: { account: string; bucket: string };
  url: URL;
};

/** For the loaders of the pages that ask about one rule, whose name stands in the address. */
export function loadRule(args: LoaderArgs, isPossible: (shown: RuleShown) => boolean) {
  return load(args, async (context) => {
    authorize(context, "buckets:set-lifecycle");
    const ruleId = args.url.searchParams.get("id") ?? "";
    const lifecycle = await readLifecycleRule(context, uuidOr404(args.params.bucket), ruleId);
    const { bucketName, atEngine, shown } = lifecycle;
    return {
      ruleId,
      bucketName,
      shown,
      versioning: atEngine?.versioning ?? ("unset" as const),
      isPossible: shown !== null && isPossible(shown),
      setup: formOf(ruleForm, { fingerprint: shown?.fingerprint }),
    };
  });
}

/** For their actions: does it, and goes back to the rules, which say so. */
export function submitRule(
  args: LoaderArgs,
  command: typeof deleteLifecycleRule,
  done: (rule: string) => string,
) {
  const bucketId = uuidOr404(args.params.bucket);
  const ruleId = args.url.searchParams.get("id") ?? "";
  return submitWith(
    args,
    (context, { fingerprint }) => command(context, { bucketId, ruleId, fingerprint }),
    () => redirectWithFlash(lifecycleHref(args.params), done(ruleId)),
  );
}
