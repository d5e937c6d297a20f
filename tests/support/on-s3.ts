import { readConfig } from '../../src/platform/config.ts';
import { openFiles } from '../../src/platform/files/files.ts';
import { TEST_ENVIRONMENT, type TestContext } from './context.ts';
import { type S3, startS3 } from './s3.ts';

/** Lets the files of a context lie in S3 from now on, in its settings too: a process of its own reads them. */
export async function moveToS3(context: TestContext): Promise<S3> {
  const s3 = await startS3();
  const config = readConfig({ ...TEST_ENVIRONMENT, DATABASE_URL: context.url, ...s3.settings });
  Object.assign(context, { config, files: openFiles(config) });
  return s3;
}
