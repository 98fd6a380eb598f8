import { join } from "node:path";
import { type Description, PORTS_NEEDED } from "./description.ts";

/** Every program of a cluster is started with `-c` and this file: by it they are also found again. */
export function configurationFile(directory: string): string {
  return join(directory, "ceph.conf");
}

/** The monitor's address: what the others find the cluster by. Messenger protocol 2 alone, on one port. */
export function monitorAddress({ port }: Description): string {
  return `[v2:127.0.0.1:${port + 1}]`;
}

/**
 * ceph.conf for one monitor, one object storage daemon and one gateway on loopback. One copy of everything: for
 * development and tests, on Ceph 16.2.
 */
export function configuration(directory: string, cluster: Description): string {
  return `[global]
fsid = ${cluster.clusterId}
mon_host = ${monitorAddress(cluster)}
public_addr = 127.0.0.1
cluster_addr = 127.0.0.1
ms_bind_ipv6 = false
ms_bind_msgr1 = false
ms_bind_port_min = ${cluster.port + 2}
ms_bind_port_max = ${cluster.port + PORTS_NEEDED - 1}
auth_cluster_required = cephx
auth_service_required = cephx
auth_client_required = cephx
keyring = ${directory}/keyring
run_dir = ${directory}/run
# A socket's path holds 107 bytes at most; nobody needs these.
admin_socket =
log_file = ${directory}/log/$name.log
log_to_stderr = false
err_to_stderr = true
crash_dir = ${directory}/crash
# One copy on one daemon, in small pools.
osd_pool_default_size = 1
osd_pool_default_min_size = 1
osd_pool_default_pg_num = 8
osd_pool_default_pgp_num = 8
osd_pool_default_pg_autoscale_mode = off
osd_crush_chooseleaf_type = 0
mon_allow_pool_size_one = true
mon_warn_on_pool_no_redundancy = false
mon_max_pg_per_osd = 1000
rgw_rados_pool_pg_num_min = 8
# How full the disk may be is the developer's business: the monitor would end itself at 5 % free.
mon_data_avail_warn = 2
mon_data_avail_crit = 1
# The monitor waits up to 1 s before each change of a map otherwise, and a start makes a dozen.
paxos_propose_interval = 0.05
# A gateway whose request is stuck asks for a newer map after 10 s otherwise: recovery would take that long.
objecter_tick_interval = 0.5
objecter_timeout = 1

[client.admin]
# For command lines alone. On the gateway the same setting makes it abort when the daemon below stalls.
rados_osd_op_timeout = 20
rados_mon_op_timeout = 20

[mon]
mon_data = ${directory}/mon
mon_cluster_log_to_file = false
auth_allow_insecure_global_id_reclaim = false

[osd]
osd_data = ${directory}/osd
osd_objectstore = ${cluster.store}
osd_crush_initial_weight = 1
# Where a read lease runs out while the daemon is stalled (SIGSTOP, a paused machine), a placement group of one
# copy may wait for ever to be readable again.
osd_pool_default_read_lease_ratio = 100
# 896 MiB is the least it takes; it uses some 60.
osd_memory_target = 939524096
bluestore_cache_size = 134217728
bluestore_cache_autotune = false
# A sparse file: it grows as objects come.
bluestore_block_size = 10737418240
bluestore_block_create = true
# A disk that calls itself rotational would bring settings that are made for such.
bluestore_debug_enforce_settings = ssd
# Each close of the file waits out one poll, 250 ms otherwise, ten times at a start.
bdev_aio_poll_ms = 10
memstore_device_bytes = 4294967296
# memstore writes itself down at a clean end only.
osd_fast_shutdown = ${cluster.store === "bluestore"}

[client.rgw.a]
rgw_data = ${directory}/rgw
# Without tcp_nodelay each answer on a kept connection waits 40 ms (Nagle against delayed acknowledgements).
rgw_frontends = beast endpoint=127.0.0.1:${cluster.port} tcp_nodelay=1
rgw_thread_pool_size = 64
# The query of an Admin Ops request may hold a secret key: no line for each request, on disk or in memory.
debug_rgw = 0/0
rgw_enable_ops_log = false
# What the console's usage is made of. Off by default, and then written every 30 s only.
rgw_enable_usage_log = true
rgw_usage_log_tick_interval = 1
rgw_usage_log_flush_threshold = 1
# Seconds for which the gateway trusts the sizes that it checks quotas against: 600 and 180 by default.
rgw_bucket_quota_ttl = 2
rgw_user_quota_bucket_sync_interval = 2
rgw_user_quota_sync_interval = 60
rgw_override_bucket_index_max_shards = 1
`;
}

/** What the console's admin user at the gateway may do: app/ports/storage/README.md. */
export const ADMIN_CAPABILITIES = "users=*;buckets=*;usage=*;user-policy=*";
