import { useTranslation } from "react-i18next";
import type { Amount, RuleCounts } from "#app/domain/surveys/counts.ts";
import { type Column, DataTable } from "../table/data-table.tsx";
import { Bytes, Count } from "../values.tsx";

export interface RuleEffectsTableProps {
  effects: { today: RuleCounts; in30Days: RuleCounts };
  /** Whether objects that expire stay as old versions. */
  keepsVersions: boolean;
}

interface Row {
  key: string;
  label: string;
  today: Amount | bigint;
  in30Days: Amount | bigint;
  /** Only the bytes say something. */
  isSum?: true;
}

/** What a lifecycle rule would delete, today and in 30 days. */
export function RuleEffectsTable({ effects: { today, in30Days }, keepsVersions }: RuleEffectsTableProps) {
  const { t } = useTranslation();
  const row = (key: Exclude<keyof RuleCounts, "hidden">, label: string): Row => ({
    key,
    label,
    today: today[key],
    in30Days: in30Days[key],
  });
  const rows: Row[] = [
    row("objects", t("surveys.effects.objects")),
    ...(keepsVersions
      ? [
          {
            key: "hidden",
            label: t("surveys.effects.hidden"),
            today: today.hidden,
            in30Days: in30Days.hidden,
          },
        ]
      : []),
    row("versions", t("surveys.effects.versions")),
    row("markers", t("surveys.effects.markers")),
    row("uploads", t("surveys.effects.uploads")),
    {
      key: "freed",
      label: t("surveys.effects.freed"),
      today: freedBy(today),
      in30Days: freedBy(in30Days),
      isSum: true,
    },
  ];
  const columns: Column<Row>[] = [
    { key: "what", header: t("surveys.effects.what"), cell: ({ label }) => label },
    {
      key: "today",
      header: t("surveys.effects.today"),
      align: "end",
      cell: ({ today, isSum }) => <Effect amount={today} isSum={isSum} />,
    },
    {
      key: "in30Days",
      header: t("surveys.effects.in30Days"),
      align: "end",
      cell: ({ in30Days, isSum }) => <Effect amount={in30Days} isSum={isSum} />,
    },
  ];
  return (
    <DataTable
      caption={t("surveys.effects.caption")}
      columns={columns}
      rows={rows}
      rowKey={({ key }) => key}
    />
  );
}

function Effect({ amount, isSum }: { amount: Amount | bigint; isSum: true | undefined }) {
  const { t } = useTranslation();
  if (typeof amount === "bigint")
    return amount > 0n ? <Count value={amount} /> : <Nothing>{t("surveys.effects.nothing")}</Nothing>;
  if (isSum) return <Bytes value={amount.bytes} />;
  if (amount.count === 0n) return <Nothing>{t("surveys.effects.nothing")}</Nothing>;
  return (
    <span>
      <Count value={amount.count} />
      <span className="block text-sm font-normal text-muted">
        <Bytes value={amount.bytes} />
      </span>
    </span>
  );
}

function Nothing({ children }: { children: string }) {
  return <span className="text-muted">{children}</span>;
}

/** The bytes of all that is gone for good: what is only hidden stays stored. */
function freedBy({ objects, versions, uploads }: RuleCounts): Amount {
  return {
    count: objects.count + versions.count + uploads.count,
    bytes: objects.bytes + versions.bytes + uploads.bytes,
  };
}
