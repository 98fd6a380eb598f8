import { useTranslation } from "react-i18next";
import { Link } from "react-router";
import { type BucketParams, type ObjectView, objectsHref } from "./object-address.ts";
import { ObjectName } from "./object-name.tsx";

export interface PrefixTrailProps {
  params: BucketParams;
  bucket: string;
  prefix: string;
  view: ObjectView;
}

/**
 * The way into a bucket, each step a link. Slashes belong to the steps, since there may be one at the beginning, or two
 * in a row.
 */
export function PrefixTrail({ params, bucket, prefix, view }: PrefixTrailProps) {
  const { t } = useTranslation();
  const steps = stepsOf(prefix);
  return (
    <nav aria-label={t("objects.list.place")} className="mb-3">
      <ol className="flex flex-wrap gap-x-2">
        <li>
          {steps.length > 0 ? (
            <Link to={objectsHref(params, { view })}>{bucket}</Link>
          ) : (
            <strong>{bucket}</strong>
          )}
        </li>
        {steps.map((step, index) => (
          <li key={step.prefix} className="flex gap-x-2">
            <span aria-hidden="true" className="text-muted">
              ›
            </span>
            {index < steps.length - 1 ? (
              <Link to={objectsHref(params, { prefix: step.prefix, view })}>
                <ObjectName name={step.label} />
              </Link>
            ) : (
              <strong aria-current="location">
                <ObjectName name={step.label} />
              </strong>
            )}
          </li>
        ))}
      </ol>
    </nav>
  );
}

/** Each step's link says all that comes before it too: of a prefix of slashes alone that would be megabytes. */
const mostSteps = 25;

/** `a//b` → `a/`, `/`, `b`, each with all that comes before it. Of more than 25 the first ones are one. */
function stepsOf(prefix: string): { label: string; prefix: string }[] {
  const labels = prefix.match(/[^/]*\/|[^/]+$/g) ?? [];
  const surplus = Math.max(0, labels.length - mostSteps);
  const together = labels.slice(0, surplus + 1).join("");
  let before = "";
  return [together, ...labels.slice(surplus + 1)].filter(Boolean).map((label) => {
    before += label;
    return { label, prefix: before };
  });
}
