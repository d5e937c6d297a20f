/** Runs in a thread of its own: decoding takes seconds, and a broken picture ends this thread and nothing else. */
import { parentPort, workerData } from 'node:worker_threads';
import decodeHeic from 'heic-decode';

const { bytes, mostPixels } = workerData as { bytes: Uint8Array; mostPixels: number };
const images = await decodeHeic.all({ buffer: bytes });
const [first] = images;
if (!first || first.width * first.height > mostPixels) throw new Error('no picture, or too large a one');
const { width, height, data } = await first.decode();
parentPort!.postMessage({ width, height, data }, [data.buffer as ArrayBuffer]);
