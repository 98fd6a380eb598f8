import { useTranslation } from "react-i18next";
import type { HiddenBytes } from "#app/domain/surveys/read-hidden-bytes.ts";
import { formatBytes } from "#app/ui/format.ts";
import { CodeBlock } from "#app/ui/layout/code-block.tsx";
import { Section } from "#app/ui/layout/section.tsx";
import { useRootData } from "#app/ui/root-data.ts";

/** Why the console's figure and an S3 client's differ, with both, and what the client prints to the byte. */
export function WhyMore({ hidden, endpoint }: { hidden: HiddenBytes; endpoint: string }) {
  const { t } = useTranslation();
  const { locale } = useRootData();
  const { bucketName, totalBytes, summarized, isPartial } = hidden;
  if (!summarized || totalBytes === 0n) return null;
  const difference = totalBytes - summarized.bytes;
  const words = (bytes: bigint) => formatBytes(bytes, locale);
  // As the AWS CLI prints it, after a line for each object.
  const lines = [
    `$ aws --endpoint-url ${endpoint} \\`,
    `    s3 ls s3://${bucketName} --recursive --summarize`,
    "…",
    ...(summarized.count === null ? [] : [`Total Objects: ${summarized.count}`]),
    `   Total Size: ${summarized.bytes}`,
  ];
  return (
    <Section title={difference === 0n ? t("surveys.why.titleSame") : t("surveys.why.title")}>
      <div className="max-w-prose space-y-3">
        <p suppressHydrationWarning>
          {difference === 0n
            ? t("surveys.why.same", { total: words(totalBytes) })
            : t("surveys.why.text", {
                total: words(totalBytes),
                current: words(summarized.bytes),
                difference: words(difference),
              })}
        </p>
        {isPartial ? (
          <p>{t("surveys.why.partial")}</p>
        ) : (
          <CodeBlock label={t("surveys.why.label")} code={lines.join("\n")} />
        )}
      </div>
    </Section>
  );
}
