export { readJob, reviveUploads, uploadJobs } from './jobs.ts';
export { registerUploads } from './workplace/index.ts';
