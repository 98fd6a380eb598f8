interface PackageEntry {
  version?: string;
  integrity?: string;
  optional?: boolean;
}

interface Lock {
  packages: Record<string, PackageEntry | undefined>;
}

export function reasonToInstall(wanted: Lock, installed: Lock | undefined): string | undefined;
