import type { ReactNode } from "react";
import { useTranslation } from "react-i18next";
import type { Side, Sides } from "#app/domain/reconciliation/findings.ts";
import { type Description, DescriptionList } from "../layout/description-list.tsx";
import { Card, Section } from "../layout/section.tsx";
import { Bytes, Count, InstallationTime, Timestamp } from "../values.tsx";

/** What console and storage say, one after the other. */
export function FindingSides({ consoleSays, engineSays }: Sides) {
  const { t } = useTranslation();
  return (
    <>
      <Section title={t("reconciliation.consoleSays")}>
        <SideCard side={consoleSays} nothing={t("reconciliation.nothingInConsole")} />
      </Section>
      <Section title={t("reconciliation.engineSays")}>
        <SideCard side={engineSays} nothing={t("reconciliation.nothingAtEngine")} />
      </Section>
    </>
  );
}

function SideCard({ side, nothing }: { side: Side | null; nothing: string }) {
  const items = useFacts(side ?? {});
  return <Card>{items.length > 0 ? <DescriptionList items={items} /> : <p>{nothing}</p>}</Card>;
}

const yesOrNo = (value: boolean | undefined) => value !== undefined && <YesOrNo value={value} />;

/** The facts of one side, as far as its kind of finding has them. */
function useFacts(side: Side): Description[] {
  const { t } = useTranslation();
  const { grant } = side;
  const facts: [term: string, details: ReactNode][] = [
    [t("reconciliation.fields.name"), side.name],
    [t("reconciliation.fields.revoked"), side.revoked && t("reconciliation.yes")],
    [t("reconciliation.fields.createdAt"), side.createdAt && <Timestamp at={side.createdAt} />],
    [t("reconciliation.fields.ownerUser"), side.ownerUser && <code>{side.ownerUser}</code>],
    [t("reconciliation.fields.accessKeyIds"), side.accessKeyIds && <Ids ids={side.accessKeyIds} />],
    [
      t("reconciliation.fields.active"),
      side.active !== undefined && t(side.active ? "reconciliation.works" : "reconciliation.stopped"),
    ],
    [t("reconciliation.fields.grant"), grant && <GrantWords grant={grant} />],
    [t("reconciliation.fields.expiresAt"), grant && grant !== "unknown" && <Expiry at={grant.expiresAt} />],
    [
      t("reconciliation.fields.maxSizeBytes"),
      limitOf(side.maxSizeBytes, t("reconciliation.unlimited"), Bytes),
    ],
    [t("reconciliation.fields.maxObjects"), limitOf(side.maxObjects, t("reconciliation.unlimited"), Count)],
    [t("reconciliation.fields.suspended"), yesOrNo(side.suspended)],
    [t("reconciliation.fields.policyIsWhole"), yesOrNo(side.policyIsWhole)],
    [t("reconciliation.fields.hasManagementKey"), yesOrNo(side.hasManagementKey)],
  ];
  return facts.flatMap(([term, details]) => (details ? [{ term, details }] : []));
}

function limitOf(
  value: string | null | undefined,
  unlimited: string,
  Amount: (props: { value: string }) => ReactNode,
): ReactNode {
  if (value === undefined) return null;
  return value === null ? unlimited : <Amount value={value} />;
}

function YesOrNo({ value }: { value: boolean }) {
  const { t } = useTranslation();
  return t(value ? "reconciliation.yes" : "reconciliation.no");
}

function Ids({ ids }: { ids: string[] }) {
  const { t } = useTranslation();
  if (ids.length === 0) return t("reconciliation.noIds");
  return (
    <ul>
      {ids.map((id) => (
        <li key={id}>
          <code className="break-all">{id}</code>
        </li>
      ))}
    </ul>
  );
}

function Expiry({ at }: { at: string | null }) {
  const { t } = useTranslation();
  return at === null ? t("reconciliation.noExpiry") : <InstallationTime at={at} />;
}

function GrantWords({ grant }: { grant: NonNullable<Side["grant"]> }) {
  const { t } = useTranslation();
  if (grant === "unknown") return t("reconciliation.grantUnknown");
  const { permission, buckets } = grant;
  const names = buckets === "all" ? t("accessKeys.scopes.all") : buckets.join(", ");
  return (
    <>
      {t(`accessKeys.permissions.${permission}`)}
      <span className="block break-words">{names || t("reconciliation.noBuckets")}</span>
    </>
  );
}
