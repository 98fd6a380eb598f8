import { useTranslation } from "react-i18next";
import { Link } from "react-router";
import type { BucketListed } from "#app/domain/buckets/read-buckets.ts";
import { isUnderWay } from "#app/domain/buckets/states.ts";
import { AppForm, SubmitButton } from "#app/ui/form/app-form.tsx";
import { Notice } from "#app/ui/layout/notice.tsx";

export interface BucketStandingProps {
  bucket: Pick<BucketListed, "state" | "problem">;
  /** Where a new attempt is asked for, for those who may. */
  retryAction: string | undefined;
}

/** What is being done with a bucket, and what stood in the way. Nothing for one that just works. */
export function BucketStanding({ bucket: { state, problem }, retryAction }: BucketStandingProps) {
  const { t } = useTranslation();
  if (state === "active" && !problem) return null;
  const mayRetry = state !== "active" && problem !== null;
  return (
    <div className="mb-6">
      <Notice tone={toneOf(state, problem !== null)} title={t(`buckets.standing.${titleOf(state, problem)}`)}>
        {problem && <p>{t(`buckets.problems.${problem.code}`)}</p>}
        {isUnderWay(state) && (
          <p>
            {t(problem ? "buckets.standing.retries" : "buckets.standing.soon")}{" "}
            <Link to=".">{t("common.refresh")}</Link>
          </p>
        )}
        {mayRetry && retryAction && (
          <AppForm action={retryAction} className="mt-3">
            <SubmitButton variant="secondary">{t("buckets.retry.submit")}</SubmitButton>
          </AppForm>
        )}
      </Notice>
    </div>
  );
}

function toneOf(state: BucketListed["state"], hasProblem: boolean) {
  if (state === "failed") return "danger";
  return hasProblem ? "warning" : "info";
}

function titleOf(state: BucketListed["state"], problem: BucketListed["problem"]) {
  if (isUnderWay(state)) return state as "provisioning" | "deleting";
  return problem?.during === "deleting" ? "notDeleted" : "notCreated";
}
