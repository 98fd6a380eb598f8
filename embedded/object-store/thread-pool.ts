/**
 * Files are worked on by libuv's threads, of which there are four by default: as many uploads that wait for the disk
 * would hold everything else up. Read when the first thread starts, so this module is imported before all others.
 */
process.env.UV_THREADPOOL_SIZE ??= "16";
