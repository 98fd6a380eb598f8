import { S3Error } from "../errors.ts";

/** Query parameters of the Admin Ops API, read as the Ceph Object Gateway reads them. */
export type AdminParameters = {
  text(name: string): string | undefined;
  /** @throws S3Error InvalidArgument where it is missing or empty */
  required(name: string): string;
  /** @throws S3Error InvalidArgument where it is not a whole number */
  integer(name: string): number | undefined;
  /** `true` and `1`, `false` and `0`. @throws S3Error InvalidArgument for anything else */
  flag(name: string): boolean | undefined;
  has(name: string): boolean;
};

export function adminParameters(query: Map<string, string>): AdminParameters {
  const text = (name: string) => query.get(name);
  return {
    text,
    has: (name) => query.has(name),
    required(name) {
      const value = text(name);
      if (!value) throw new S3Error("InvalidArgument", `${name} is needed.`);
      return value;
    },
    integer(name) {
      const value = text(name);
      if (value === undefined || value === "") return undefined;
      if (!/^-?\d{1,15}$/.test(value))
        throw new S3Error("InvalidArgument", `${name} must be a whole number.`);
      return Number(value);
    },
    flag(name) {
      const value = text(name)?.toLowerCase();
      if (value === undefined) return undefined;
      // A parameter without a value is a switch that was turned on.
      if (value === "" || value === "true" || value === "1") return true;
      if (value === "false" || value === "0") return false;
      throw new S3Error("InvalidArgument", `${name} must be true or false.`);
    },
  };
}
