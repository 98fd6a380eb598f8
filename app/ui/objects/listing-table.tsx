import { useTranslation } from "react-i18next";
import { Link } from "react-router";
import type { ListingPage } from "#app/domain/objects/read-listing.ts";
import { type Column, DataTable } from "../table/data-table.tsx";
import { Bytes, Timestamp } from "../values.tsx";
import { type BucketParams, type ObjectView, objectHref, objectsHref } from "./object-address.ts";
import { encodeObject } from "./object-field.ts";
import { ListedName, listedName } from "./object-name.tsx";
import { VersionState } from "./version-state.tsx";

type Listed = ListingPage["objects"][number];
type Row = { folder: string } | Listed;

export interface ListingTableProps {
  params: BucketParams;
  prefix: string;
  view: ObjectView;
  prefixes: string[];
  objects: Listed[];
  /** With a check box for each object, of the form around the table. */
  canSelect: boolean;
}

/** Folders and objects, each by what its name has beyond the folder that is shown. */
export function ListingTable({ params, prefix, view, prefixes, objects, canSelect }: ListingTableProps) {
  const { t } = useTranslation();
  const shared = prefix.lastIndexOf("/") + 1;
  const nameOf = (key: string) => key.slice(shared);

  const tick = (object: Listed) => (
    <input
      type="checkbox"
      name="objects"
      value={encodeObject(idOf(object))}
      aria-label={t("objects.list.selectOne", { name: listedName(object.object) })}
      className="size-5.5 shrink-0 translate-y-1"
    />
  );
  const columns: Column<Row>[] = [
    {
      key: "name",
      header: t("objects.name"),
      rowHeader: true,
      cell: (row) => (
        <div className="flex items-baseline gap-3">
          {canSelect && ("folder" in row ? <span className="w-5.5 shrink-0" /> : tick(row))}
          {"folder" in row ? (
            <span>
              <span className="sr-only">{t("objects.list.folder")}: </span>
              <Link to={objectsHref(params, { prefix: row.folder, view })}>
                <ListedName name={nameOf(row.folder)} />
              </Link>
            </span>
          ) : (
            <span>
              <Link to={objectHref(params, idOf(row))}>
                <ListedName name={nameOf(row.object) || row.object} />
              </Link>
              {row.object === prefix && (
                <span className="block text-sm font-normal text-muted">{t("objects.list.itself")}</span>
              )}
            </span>
          )}
        </div>
      ),
    },
    {
      key: "size",
      header: t("objects.size"),
      align: "end",
      cell: (row) => (isSized(row) ? <Bytes value={row.sizeBytes} /> : null),
    },
    {
      key: "class",
      header: t("objects.storageClass"),
      cell: (row) => (isSized(row) ? <span className="whitespace-nowrap">{row.storageClass}</span> : null),
    },
    {
      key: "modified",
      header: t("objects.lastModified"),
      cell: (row) => ("folder" in row ? null : <Timestamp at={row.lastModified} />),
    },
  ];
  const version: Column<Row> = {
    key: "version",
    header: t("objects.version"),
    cell: (row) => ("folder" in row ? null : <VersionState version={row} />),
  };
  return (
    <DataTable
      caption={t(view === "versions" ? "objects.list.versionsCaption" : "objects.list.caption")}
      rows={[...prefixes.map((folder) => ({ folder })), ...objects]}
      rowKey={(row) => ("folder" in row ? row.folder : `${row.object}\n${row.versionId ?? ""}`)}
      columns={[...columns, ...(view === "versions" ? [version] : [])]}
    />
  );
}

function isSized(row: Row): row is Listed {
  return !("folder" in row || row.isDeleteMarker);
}

function idOf({ object, versionId }: Listed) {
  return versionId === undefined ? { key: object } : { key: object, versionId };
}
