import { useTranslation } from "react-i18next";
import { href, Link } from "react-router";
import type { AccessKeyListed } from "#app/domain/access-keys/read-access-keys.ts";
import { DataTable } from "#app/ui/table/data-table.tsx";
import { InstallationTime, Timestamp } from "#app/ui/values.tsx";

interface KeysBeyondPolicyProps {
  accessKeys: AccessKeyListed[];
  params: { account: string };
}

/** Keys that would work for longer than the policy allows, and until when it allows each. */
export function KeysBeyondPolicy({ accessKeys, params }: KeysBeyondPolicyProps) {
  const { t } = useTranslation();
  return (
    <DataTable
      caption={t("keySettings.policy.beyond")}
      rows={accessKeys}
      rowKey={({ id }) => id}
      empty={<p>{t("keySettings.policy.noneBeyond")}</p>}
      columns={[
        {
          key: "name",
          header: t("accessKeys.name"),
          cell: ({ id, name }) => (
            <Link to={href("/accounts/:account/access-keys/:key", { ...params, key: id })}>{name}</Link>
          ),
        },
        {
          key: "created",
          header: t("accessKeys.createdAt"),
          cell: ({ createdAt }) => <Timestamp at={createdAt} style="date" />,
        },
        {
          key: "expires",
          header: t("accessKeys.expiresAt"),
          cell: ({ expiresAt }) =>
            expiresAt ? <InstallationTime at={expiresAt} style="date" /> : t("accessKeys.neverExpires"),
        },
        {
          key: "allowed",
          header: t("keySettings.policy.allowedUntil"),
          cell: ({ allowedUntil }) => allowedUntil && <InstallationTime at={allowedUntil} style="date" />,
        },
      ]}
    />
  );
}
