import { useTranslation } from "react-i18next";
import type { QuotaUse } from "#app/domain/quotas/read-quotas.ts";
import type { UsageSummary } from "#app/domain/usage/read-usage.ts";
import { ButtonLink } from "../form/button.tsx";
import { Card, Section } from "../layout/section.tsx";
import { Steps } from "../layout/steps.tsx";

export interface FirstStepsProps {
  /** Address of the account. */
  account: string;
  quotas: QuotaUse[];
  summary: UsageSummary;
}

/** The way from an empty account to a stored object; nothing once it has been gone. */
export function FirstSteps({ account, quotas, summary }: FirstStepsProps) {
  const { t } = useTranslation();
  const has = (kind: QuotaUse["resource"]) =>
    quotas.some(({ resource, used }) => resource === kind && used > 0n);
  const steps = [
    {
      label: t("usage.firstSteps.bucket"),
      details: t("usage.firstSteps.bucketDetails"),
      link: { to: `${account}/buckets/new`, label: t("usage.firstSteps.bucketLink") },
      done: has("buckets"),
    },
    {
      label: t("usage.firstSteps.key"),
      details: t("usage.firstSteps.keyDetails"),
      link: { to: `${account}/access-keys/new`, label: t("usage.firstSteps.keyLink") },
      done: has("access_keys"),
    },
    {
      label: t("usage.firstSteps.upload"),
      details: t("usage.firstSteps.uploadDetails"),
      done: (summary.objects ?? 0n) > 0n || summary.ingressBytes > 0n,
    },
  ];
  const current = steps.findIndex(({ done }) => !done);
  if (current === -1) return null;
  return (
    <Section title={t("usage.firstSteps.title")}>
      <Card>
        <Steps
          steps={steps.map(({ label, details, link, done }, index) => ({
            label,
            state: done ? "done" : index === current ? "current" : "todo",
            details: index === current && (
              <>
                <p>{details}</p>
                {link && (
                  <p className="mt-2">
                    <ButtonLink variant="primary" to={link.to}>
                      {link.label}
                    </ButtonLink>
                  </p>
                )}
              </>
            ),
          }))}
        />
      </Card>
    </Section>
  );
}
