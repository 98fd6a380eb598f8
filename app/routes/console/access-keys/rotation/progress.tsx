import { useTranslation } from "react-i18next";
import { href, Link } from "react-router";
import type { LastUse as LastUseOfKey } from "#app/domain/access-keys/last-use.ts";
import type { RotatedKey, RotationOfKey } from "#app/domain/rotations/read-rotations.ts";
import { LastUse } from "#app/ui/access-keys/last-use.tsx";
import { ButtonLink } from "#app/ui/form/button.tsx";
import { AccountStanding, type AccountStandingProps } from "#app/ui/layout/account-standing.tsx";
import { Notice } from "#app/ui/layout/notice.tsx";
import { PageHeader } from "#app/ui/layout/page-header.tsx";
import { Card, Section } from "#app/ui/layout/section.tsx";
import { StateTag } from "#app/ui/layout/state-tag.tsx";
import { Steps } from "#app/ui/layout/steps.tsx";
import { type Column, DataTable } from "#app/ui/table/data-table.tsx";
import { useRefreshWhile } from "#app/ui/use-refresh-while.ts";
import { InstallationTime } from "#app/ui/values.tsx";
import { AccessKeyState } from "../access-key-state.tsx";
import { useRotationSteps } from "./rotation-steps.tsx";

export interface ProgressProps {
  rotation: RotationOfKey;
  uses: Record<"old" | "new", LastUseOfKey | undefined>;
  can: { extend: boolean; finish: boolean; undo: boolean };
  standing: AccountStandingProps["account"] | null;
  params: { account: string; key: string };
}

const tones = { running: "info", ending: "warning", finished: "success" } as const;

/** How far the replacement of a key is, and what can be decided about it. */
export function Progress({ rotation, uses, can, standing, params }: ProgressProps) {
  const { t } = useTranslation();
  const { state, until, oldKey, newKey, isOpen } = rotation;
  const isEnding = state === "running" && !isOpen;
  const stage = isEnding ? "ending" : state === "running" ? "running" : "finished";
  const steps = useRotationSteps({ rotation, uses, params });
  useRefreshWhile(isEnding);
  return (
    <>
      <PageHeader
        title={t("rotations.title", { key: oldKey.name })}
        tag={<StateTag tone={tones[stage]}>{t(`rotations.states.${stage}`)}</StateTag>}
        description={
          isOpen && (
            <>
              {t("rotations.bothUntil")} <InstallationTime at={until} />
            </>
          )
        }
        breadcrumbs={[
          { label: t("accessKeys.title"), to: href("/accounts/:account/access-keys", params) },
          { label: oldKey.name, to: href("/accounts/:account/access-keys/:key", params) },
        ]}
        actions={<Actions can={can} params={params} />}
      />
      {standing && <AccountStanding account={standing} />}
      <div className="mb-6 space-y-4 empty:hidden">
        {isEnding && (
          <Notice tone="warning" title={t("accessKeys.revoking.title")}>
            {t("rotations.ending")} <Link to=".">{t("common.refresh")}</Link>
          </Notice>
        )}
        {isOpen && newKey.state === "inactive" && (
          <Notice tone="warning" title={t("rotations.newInactive.title")}>
            {t("rotations.newInactive.text")}
          </Notice>
        )}
        {isOpen && oldKey.state === "inactive" && (
          <Notice title={t("rotations.oldInactive.title")}>{t("rotations.oldInactive.text")}</Notice>
        )}
      </div>
      <Section title={t("rotations.steps.title")}>
        <Card>
          <Steps steps={steps} />
        </Card>
      </Section>
      <Section title={t("rotations.keys.title")}>
        <Keys oldKey={oldKey} newKey={newKey} uses={uses} params={params} />
      </Section>
    </>
  );
}

function Actions({ can, params }: Pick<ProgressProps, "can" | "params">) {
  const { t } = useTranslation();
  return (
    <>
      {can.finish && (
        <ButtonLink to={href("/accounts/:account/access-keys/:key/rotation/finishing", params)}>
          {t("rotations.finishing.link")}
        </ButtonLink>
      )}
      {can.extend && (
        <ButtonLink to={href("/accounts/:account/access-keys/:key/rotation/extension", params)}>
          {t("rotations.extension.link")}
        </ButtonLink>
      )}
      {can.undo && (
        <ButtonLink to={href("/accounts/:account/access-keys/:key/rotation/undoing", params)}>
          {t("rotations.undoing.link")}
        </ButtonLink>
      )}
    </>
  );
}

interface KeysProps extends Pick<ProgressProps, "uses" | "params"> {
  oldKey: RotatedKey;
  newKey: RotatedKey;
}

function Keys({ oldKey, newKey, uses, params }: KeysProps) {
  const { t } = useTranslation();
  const lastUse: Column<RotatedKey & { role: "old" | "new" }> = {
    key: "use",
    header: t("rotations.lastUse.title"),
    // A key that is gone is known no more to the storage.
    cell: ({ role, state }) => (state === "revoked" ? "–" : <LastUse use={uses[role]} />),
  };
  return (
    <DataTable
      caption={t("rotations.keys.title")}
      rows={[
        { role: "old" as const, ...oldKey },
        { role: "new" as const, ...newKey },
      ]}
      rowKey={({ id }) => id}
      columns={[
        {
          key: "name",
          header: t("rotations.keys.key"),
          cell: ({ role, id, name, accessKeyId }) => (
            <>
              {t(`rotations.keys.${role}`)}:{" "}
              <Link to={href("/accounts/:account/access-keys/:key", { ...params, key: id })}>{name}</Link>
              <code className="block font-normal break-all">{accessKeyId}</code>
            </>
          ),
        },
        {
          key: "state",
          header: t("accessKeys.state"),
          cell: (key) => <AccessKeyState state={key.state} />,
        },
        ...(uses.new === "untold" ? [] : [lastUse]),
        {
          key: "expires",
          header: t("accessKeys.expiresAt"),
          cell: ({ expiresAt }) =>
            expiresAt ? <InstallationTime at={expiresAt} style="date" /> : t("accessKeys.neverExpires"),
        },
      ]}
    />
  );
}
