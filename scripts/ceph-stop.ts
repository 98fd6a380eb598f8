// Stops the cluster that `npm run ceph:start` started, in the same CEPH_DIR. What it holds is kept.
import { stopCephCluster } from "./ceph/cluster.ts";
import { readCephSettings } from "./ceph/settings.ts";
import { enterRepository } from "./launcher/enter-repository.ts";

enterRepository();
const { directory } = readCephSettings(process.env);
await stopCephCluster(directory);
console.error(`Nothing of Ceph runs in ${directory} any more.`);
