import { parseCronItem } from 'graphile-worker';
import { expect, test } from 'vitest';
import { jobKinds, scheduledJobs } from '../../src/jobs.ts';

test('every scheduled job has a time that the queue can read: one that it cannot ends the worker', () => {
  for (const { name, cron } of scheduledJobs)
    expect(() => parseCronItem({ task: name, match: cron, identifier: name }), name).not.toThrow();
});

test('no two jobs have one name', () => {
  const names = [...jobKinds, ...scheduledJobs].map(({ name }) => name);
  expect(names.filter((name, index) => names.indexOf(name) !== index)).toEqual([]);
});
