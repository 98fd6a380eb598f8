import pg from "pg";
import { vi } from "vitest";
import { queryAsOwner } from "#tests/support/database.ts";

/** What PostgreSQL touches to answer the queries of one read. Nothing of it depends on the machine. */
export interface QueryCost {
  /** Pages of 8 KiB, found in memory or not; the same page counts each time. */
  blocks: number;
  /** Rows looked at, kept or not. Entries of an index that only make a bitmap are counted in its blocks. */
  rows: number;
  /** Descents into an index, each of which is one page longer for an index one level deeper. */
  searches: number;
  /** The scans, for the message of a failure. */
  scans: string[];
}

/** Runs a read of the console, and every query that it made once more under EXPLAIN. */
export async function costOf(read: () => Promise<unknown>): Promise<QueryCost> {
  return costOfQueries(await queriesOf(read), queryAsOwner);
}

/** Runs queries under EXPLAIN. @param run runs one on the database that they are for */
export async function costOfQueries(
  queries: Query[],
  run: <Row extends object>(text: string, values: unknown[]) => Promise<Row[]>,
): Promise<QueryCost> {
  const cost: QueryCost = { blocks: 0, rows: 0, searches: 0, scans: [] };
  for (const { text, values } of queries) {
    const [row] = await run<{ "QUERY PLAN": [{ Plan: PlanNode }] }>(
      `EXPLAIN (ANALYZE, BUFFERS, TIMING OFF, FORMAT JSON) ${text}`,
      values,
    );
    if (!row) throw new Error(`no plan for ${text}`);
    const { Plan: plan } = row["QUERY PLAN"][0];
    cost.blocks += plan["Shared Hit Blocks"] + plan["Shared Read Blocks"] + plan["Temp Read Blocks"];
    addScans(plan, cost);
  }
  return cost;
}

export interface Query {
  text: string;
  values: unknown[];
}

/** Watches the driver: the queries are those of the application, whatever wrote them. */
async function queriesOf(read: () => Promise<unknown>): Promise<Query[]> {
  const watched = vi.spyOn(pg.Client.prototype, "query");
  try {
    await read();
    const queries = watched.mock.calls.map(([query]) => query as unknown as Query);
    return queries.filter(({ text }) => text !== undefined);
  } finally {
    watched.mockRestore();
  }
}

/** As much as is used here of EXPLAIN's JSON. Rows are means over `Actual Loops`. */
interface PlanNode {
  "Node Type": string;
  "Relation Name"?: string;
  "Index Name"?: string;
  "Actual Rows": number;
  "Actual Loops": number;
  "Rows Removed by Filter"?: number;
  "Rows Removed by Index Recheck"?: number;
  "Index Searches"?: number;
  "Shared Hit Blocks": number;
  "Shared Read Blocks": number;
  "Temp Read Blocks": number;
  Plans?: PlanNode[];
}

function addScans(node: PlanNode, cost: QueryCost): void {
  if (/(Seq|Index|Index Only|Bitmap Heap|Bitmap Index) Scan$/.test(node["Node Type"])) {
    const each =
      node["Actual Rows"] +
      (node["Rows Removed by Filter"] ?? 0) +
      (node["Rows Removed by Index Recheck"] ?? 0);
    const rows = Math.round(each * node["Actual Loops"]);
    if (node["Node Type"] !== "Bitmap Index Scan") cost.rows += rows;
    cost.searches += node["Index Searches"] ?? 0;
    cost.scans.push(`${node["Node Type"]} ${node["Index Name"] ?? node["Relation Name"]}: ${rows}`);
  }
  for (const child of node.Plans ?? []) addScans(child, cost);
}
