import { useTranslation } from "react-i18next";
import { Link } from "react-router";
import type { ObjectFound } from "#app/domain/objects/read-object.ts";
import { ButtonLink } from "../form/button.tsx";
import { Section } from "../layout/section.tsx";
import { DataTable } from "../table/data-table.tsx";
import { Bytes, Timestamp } from "../values.tsx";
import { type BucketParams, type ObjectAct, objectActHref, objectHref } from "./object-address.ts";
import { VersionState } from "./version-state.tsx";

type Version = NonNullable<ObjectFound["versions"]>[number];

export interface VersionsTableProps {
  params: BucketParams;
  objectKey: string;
  versions: Version[];
  /** Id of the version after which older ones follow. */
  older: string | null;
  isFirst: boolean;
  /** What the reader may do with each. */
  can: { read: boolean; delete: boolean; restore: boolean };
}

/** The versions and delete markers of one object, newest first, with what can be done with each. */
export function VersionsTable({ params, objectKey: key, versions, older, isFirst, can }: VersionsTableProps) {
  const { t } = useTranslation();
  return (
    <Section title={t("objects.object.versions")} description={t("objects.object.versionsText")}>
      <DataTable
        caption={t("objects.object.versions")}
        rows={versions}
        rowKey={({ versionId }) => versionId}
        columns={[
          {
            key: "modified",
            header: t("objects.lastModified"),
            cell: ({ versionId, lastModified }) => (
              <Link to={objectHref(params, { key, versionId })}>
                <Timestamp at={lastModified} style="exact" />
              </Link>
            ),
          },
          {
            key: "state",
            header: t("objects.version"),
            cell: (version) => <VersionState version={version} />,
          },
          {
            key: "size",
            header: t("objects.size"),
            align: "end",
            cell: ({ isDeleteMarker, sizeBytes }) => (isDeleteMarker ? "–" : <Bytes value={sizeBytes} />),
          },
          {
            key: "id",
            header: t("objects.object.versionId"),
            cell: ({ versionId }) => <code className="break-all">{versionId}</code>,
          },
          {
            key: "actions",
            header: t("objects.object.actions"),
            cell: (version) => <VersionActions params={params} objectKey={key} version={version} can={can} />,
          },
        ]}
      />
      {(older || !isFirst) && (
        <nav aria-label={t("objects.object.versions")} className="mt-4 flex flex-wrap gap-2">
          {!isFirst && (
            <ButtonLink to={objectHref(params, { key })}>{t("objects.object.newestVersions")}</ButtonLink>
          )}
          {older && (
            <ButtonLink to={`${objectHref(params, { key })}&${new URLSearchParams({ after: older })}`}>
              {t("objects.object.olderVersions")} →
            </ButtonLink>
          )}
        </nav>
      )}
    </Section>
  );
}

interface VersionActionsProps extends Pick<VersionsTableProps, "params" | "objectKey" | "can"> {
  version: Version;
}

/** Their visible words are short; who hears them alone is told which version is meant. */
function VersionActions({ params, objectKey: key, version, can }: VersionActionsProps) {
  const { t } = useTranslation();
  const { versionId, isDeleteMarker, isLatest, lastModified } = version;
  const object = { key, versionId };
  const link = (act: ObjectAct, words: string) => (
    <li>
      <Link to={objectActHref(params, act, object)} reloadDocument={act === "download"}>
        {words}
        <span className="sr-only">
          {", "}
          <Timestamp at={lastModified} style="exact" />
        </span>
      </Link>
    </li>
  );
  return (
    <ul className="flex flex-wrap gap-x-4 gap-y-1">
      {can.read && !isDeleteMarker && link("download", t("objects.object.download"))}
      {can.restore &&
        isDeleteMarker === isLatest &&
        link("restoration", t(isDeleteMarker ? "objects.object.undelete" : "objects.object.restore"))}
      {can.delete && link("deletion", t("objects.object.delete"))}
    </ul>
  );
}
